with waste as (
    select
        departement_code as territory_code,
        year as collected_year,
        -- the lever counts material (02A) and organic (02E) recovery together, and nothing else as recovered
        unnest([
            service_code, if(service_code in ('02A', '02E'), 'recovered', 'not recovered'), 'total'
        ]) as series,
        tonnage,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_sinoe_dma') }}
),

summed as (
    select
        series,
        territory_code,
        collected_year,
        snapshot_id,
        cast(sum(cast(tonnage as decimal(18, 6))) as double) as tonnes
    from waste
    group by series, territory_code, collected_year, snapshot_id
)

select
    {{ observation_columns("departement", "collected_year", value="tonnes") }}
from summed
