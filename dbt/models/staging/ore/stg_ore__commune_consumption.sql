{#- How far away another year may be to tell which energies a commune has. -#}
{% set neighbouring_years = 3 %}

with

consumption as (

    select
        case energy when 'Electricité' then 'electricity' when 'Gaz' then 'gas' end as energy,
        case sector
            when 'RESIDENTIEL' then 'residential'
            when 'TERTIAIRE' then 'tertiary'
            when 'INDUSTRIE' then 'industrial'
            when 'AGRICULTURE' then 'agricultural'
        end as sector,
        commune_code as territory_code,
        year as consumption_year,
        consumption as mwh,
        if(consumption is null and hidden_cells > 0, 'secret', 'observed') as mwh_status,
        snapshot_id
    from {{ source('raw_ore', 'ore_consumption_commune') }}

),

named as (

    select
        energy,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        snapshot_id,
        unnest([
            energy || '_consumption_commune',
            sector || '_' || energy || '_consumption_commune',
            if(sector in ('residential', 'tertiary'), sector || '_grid_energy_consumption_commune', null)
        ]) as indicator_id
    from consumption

),

energies as (

    select
        indicator_id,
        energy,
        territory_code,
        consumption_year,
        snapshot_id,
        count(*) as row_count
    from named
    where ends_with(indicator_id, '_grid_energy_consumption_commune')
    group by indicator_id, energy, territory_code, consumption_year, snapshot_id

),

-- The sum of both energies is known in part where one of them has a row in a neighbouring year only.
missing_energies as (

    select distinct
        neighbours.energy,
        neighbours.territory_code,
        energies.consumption_year,
        energies.snapshot_id,
        energies.indicator_id,
        energies.row_count
    from energies
    inner join energies as neighbours
        on
            energies.indicator_id = neighbours.indicator_id
            and energies.territory_code = neighbours.territory_code
            and abs(energies.consumption_year - neighbours.consumption_year) <= {{ neighbouring_years }}
    anti join energies as known
        on
            energies.indicator_id = known.indicator_id
            and energies.territory_code = known.territory_code
            and energies.consumption_year = known.consumption_year
            and neighbours.energy = known.energy

),

-- As many rows as the other energy has, so that each is half of the sum's completeness.
gaps as (

    select
        energy,
        territory_code,
        consumption_year,
        cast(null as double) as mwh,
        'missing' as mwh_status,
        snapshot_id,
        indicator_id,
        unnest(range(row_count)) as place
    from missing_energies

),

measured as (

    select
        energy,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        snapshot_id,
        indicator_id
    from named
    where indicator_id is not null
    union all
    select
        energy,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        snapshot_id,
        indicator_id
    from gaps

)

select
    {{ named_observation_columns(
        "commune", "'MWh'", "consumption_year",
        value="mwh", status="mwh_status", members="[territory_code || ' ' || energy]"
    ) }}
from measured
