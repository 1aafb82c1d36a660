{#- Grain: measure x commune x year x operator x category x activity. MWh of electricity and of gas in all
sectors and in each of four, and of both together in dwellings and in services; arrondissements stand for Lyon
until 2017. Secret cells are kept, so that a commune tells how many it has. An energy that a commune had in a
neighbouring year is missing, not zero, in the sum of both; so is an operator that no newcomer replaces, with
as many rows as it had. -#}
with consumption as (
    select
        operator,
        energy,
        sector,
        commune_code as territory_code,
        year as consumption_year,
        sites,
        mwh,
        mwh_status,
        snapshot_id
    from {{ ref('stg_ore__commune_consumption') }}
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
            and abs(energies.consumption_year - neighbours.consumption_year)
            <= {{ threshold('neighbouring_years') }}
    anti join energies as known
        on
            energies.sector = known.sector
            and energies.territory_code = known.territory_code
            and energies.consumption_year = known.consumption_year
            and neighbours.energy = known.energy
),

operator_years as (
    select
        operator,
        energy,
        territory_code,
        consumption_year,
        sum(sites) as sites,
        max(snapshot_id) as snapshot_id
    from consumption
    where operator is not null
    group by operator, energy, territory_code, consumption_year
),

-- The years of each operator, and whether it comes or goes then.
operators as (
    select
        operator,
        energy,
        territory_code,
        consumption_year,
        coalesce(
            consumption_year - lag(consumption_year) over each_operator
            > {{ threshold('neighbouring_years') }},
            true
        ) as comes,
        coalesce(
            lead(consumption_year) over each_operator - consumption_year
            > {{ threshold('neighbouring_years') }},
            true
        ) as goes,
        coalesce(
            sites < {{ threshold('operator_share_of_sites') }} * max(sites) over years_before
            and sites < {{ threshold('operator_share_of_sites') }} * max(sites) over years_after,
            false
        ) as is_partial,
        snapshot_id
    from operator_years
    window
        each_operator as (partition by operator, energy, territory_code order by consumption_year),
        years_before as (
            partition by operator, energy, territory_code order by consumption_year
            range between {{ threshold('neighbouring_years') }} preceding and 1 preceding
        ),
        years_after as (
            partition by operator, energy, territory_code order by consumption_year
            range between 1 following and {{ threshold('neighbouring_years') }} following
        )
),

places as (
    select
        energy,
        territory_code,
        consumption_year,
        bool_or(comes) as has_newcomer,
        bool_or(goes) as has_leaver,
        max(snapshot_id) as snapshot_id
    from operators
    group by energy, territory_code, consumption_year
),

-- An operator of a neighbouring year that no newcomer replaces has not said what it delivered, nor has one
-- that writes a few of its sites said all of it.
absent_operators as (
    select
        seen.operator,
        places.energy,
        places.territory_code,
        places.consumption_year,
        places.snapshot_id,
        arg_min(
            seen.consumption_year,
            (abs(seen.consumption_year - places.consumption_year), seen.consumption_year)
        ) as seen_year
    from places
    inner join operators as seen
        on
            places.energy = seen.energy
            and places.territory_code = seen.territory_code
            and abs(places.consumption_year - seen.consumption_year)
            between 1 and {{ threshold('neighbouring_years') }}
            and not seen.is_partial
            and not if(
                places.consumption_year > seen.consumption_year, places.has_newcomer, places.has_leaver
            )
    anti join operators as present
        on
            seen.operator = present.operator
            and places.energy = present.energy
            and places.territory_code = present.territory_code
            and places.consumption_year = present.consumption_year
            and not present.is_partial
    group by
        seen.operator,
        places.energy,
        places.territory_code,
        places.consumption_year,
        places.snapshot_id
),

known_sectors as (
    select distinct
        energy,
        sector,
        territory_code,
        consumption_year
    from consumption
),

figures as (
    select
        energy,
        territory_code,
        consumption_year,
        sector,
        true as is_known_sector,
        mwh,
        mwh_status,
        1 as source_rows,
        snapshot_id
    from consumption
    union all
    -- As many rows as the operator had; a sector that no one else writes then stays without a row.
    select
        absent_operators.energy,
        absent_operators.territory_code,
        absent_operators.consumption_year,
        consumption.sector,
        known_sectors.sector is not null as is_known_sector,
        null as mwh,
        'missing' as mwh_status,
        0 as source_rows,
        absent_operators.snapshot_id
    from absent_operators
    inner join consumption
        on
            absent_operators.operator = consumption.operator
            and absent_operators.energy = consumption.energy
            and absent_operators.territory_code = consumption.territory_code
            and absent_operators.seen_year = consumption.consumption_year
    left join known_sectors
        on
            consumption.energy = known_sectors.energy
            and consumption.sector = known_sectors.sector
            and consumption.territory_code = known_sectors.territory_code
            and absent_operators.consumption_year = known_sectors.consumption_year
),

measured as (
    select
        unnest([
            energy,
            if(is_known_sector and sector not in ('INCONNU', 'NAP'), energy || '/' || sector, null),
            if(is_known_sector and sector in ('RESIDENTIEL', 'TERTIAIRE'), sector, null)
        ]) as series,
        energy,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        source_rows,
        snapshot_id
    from figures
    union all
    -- As many rows as the other energy has, so that each is half of the sum's completeness.
    select
        sector as series,
        energy,
        territory_code,
        consumption_year,
        null as mwh,
        'missing' as mwh_status,
        0 as source_rows,
        snapshot_id
    from missing_energies
    cross join unnest(range(row_count)) as places (place)
)

select
    {{ observation_columns(
        "commune", "consumption_year",
        value="mwh", status="mwh_status", members="[territory_code || ' ' || energy]",
        source_rows="source_rows"
    ) }}
from measured
where series is not null
