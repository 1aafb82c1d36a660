{#- How far away another year may be to tell which energies a commune has. -#}
{% set neighbouring_years = 3 %}

with consumption as (
    select
        energy,
        sector,
        commune_code as territory_code,
        year as consumption_year,
        consumption as mwh,
        if(consumption is null and hidden_cells > 0, 'secret', 'observed') as mwh_status,
        snapshot_id
    from {{ source('raw_ore', 'ore_consumption_commune') }}
),

energies as (
    select
        energy,
        sector,
        territory_code,
        consumption_year,
        snapshot_id,
        count(*) as row_count
    from consumption
    where sector in ('RESIDENTIEL', 'TERTIAIRE')
    group by energy, sector, territory_code, consumption_year, snapshot_id
),

-- The sum of both energies is known in part where one of them has a row in a neighbouring year only.
missing_energies as (
    select distinct
        neighbours.energy,
        neighbours.territory_code,
        energies.consumption_year,
        energies.snapshot_id,
        energies.sector,
        energies.row_count
    from energies
    inner join energies as neighbours
        on
            energies.sector = neighbours.sector
            and energies.territory_code = neighbours.territory_code
            and abs(energies.consumption_year - neighbours.consumption_year) <= {{ neighbouring_years }}
    anti join energies as known
        on
            energies.sector = known.sector
            and energies.territory_code = known.territory_code
            and energies.consumption_year = known.consumption_year
            and neighbours.energy = known.energy
),

measured as (
    select
        unnest([
            energy,
            if(sector not in ('INCONNU', 'NAP'), energy || '/' || sector, null),
            if(sector in ('RESIDENTIEL', 'TERTIAIRE'), sector, null)
        ]) as series,
        energy,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        snapshot_id
    from consumption
    union all
    -- As many rows as the other energy has, so that each is half of the sum's completeness.
    select
        sector as series,
        energy,
        territory_code,
        consumption_year,
        null as mwh,
        'missing' as mwh_status,
        snapshot_id
    from missing_energies
    cross join unnest(range(row_count)) as places (place)
)

select
    {{ observation_columns(
        "commune", "consumption_year",
        value="mwh", status="mwh_status", members="[territory_code || ' ' || energy]"
    ) }}
from measured
where series is not null
