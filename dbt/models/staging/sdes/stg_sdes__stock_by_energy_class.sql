{#- Grain: series x region x year. Main homes at 1 January by energy class, estimated by the SDES for the
whole stock from the diagnoses around that date; unknown where a class that a sum needs has no row.
unique: [series, territory_code, reference_date] -#}
with stock as (
    select
        region_code as territory_code,
        date_mesure as stock_date,
        right(dpe_class, 1) as dpe_class,
        dwellings,
        snapshot_id
    from {{ source('raw_sdes', 'onre_stock') }}
),

counted as (
    select
        'total' as series,
        7 as classes,
        *
    from stock
    union all
    select
        dpe_class as series,
        1 as classes,
        *
    from stock
    union all
    select
        'F+G' as series,
        2 as classes,
        *
    from stock
    where dpe_class in ('F', 'G')
),

-- A class without a row is unknown, and so is the sum.
summed as (
    select
        series,
        territory_code,
        stock_date,
        if(count(*) = any_value(classes), {{ sum_if_complete('dwellings') }}, null) as value,
        max(snapshot_id) as snapshot_id,
        count(*) as source_rows
    from counted
    group by series, territory_code, stock_date
)

select
    {{ observation_columns(
        "region", "year(stock_date)", "stock_date", status="'estimated'", source_rows="source_rows"
    ) }}
from summed
