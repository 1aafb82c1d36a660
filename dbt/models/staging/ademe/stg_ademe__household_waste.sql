with waste as (
    select
        departement_code,
        year as collected_year,
        service_code,
        sum(cast(tonnage as decimal(18, 6))) as tonnage,
        any_value(snapshot_id) as snapshot_id
    from {{ source('raw_ademe', 'ademe_sinoe_dma') }}
    group by departement_code, year, service_code
),

places as (
    select
        departement_code,
        collected_year,
        any_value(snapshot_id) as snapshot_id
    from waste
    group by departement_code, collected_year
),

treatments as (
    select distinct service_code from waste
),

-- The treatments that are written make the whole of a departement: one that is not has taken nothing.
treated as (
    select
        places.departement_code as territory_code,
        places.collected_year,
        treatments.service_code,
        if(waste.service_code is null, 0, waste.tonnage) as tonnage,
        places.snapshot_id
    from places
    cross join treatments
    left join waste
        on
            places.departement_code = waste.departement_code
            and places.collected_year = waste.collected_year
            and treatments.service_code = waste.service_code
),

summed as (
    select
        -- the lever counts material (02A) and organic (02E) recovery together, and nothing else as recovered
        unnest([
            service_code, if(service_code in ('02A', '02E'), 'recovered', 'not recovered'), 'total'
        ]) as series,
        territory_code,
        collected_year,
        tonnage,
        snapshot_id
    from treated
),

totals as (
    select
        series,
        territory_code,
        collected_year,
        snapshot_id,
        {{ sum_if_complete('tonnage') }} as tonnes
    from summed
    group by series, territory_code, collected_year, snapshot_id
)

select
    {{ observation_columns("departement", "collected_year", value="tonnes") }}
from totals
