with

stock as (

    select
        region_code as territory_code,
        date_mesure as stock_date,
        lower(right(dpe_class, 1)) as dpe_class,
        dwellings,
        snapshot_id
    from {{ source('raw_sdes', 'onre_stock') }}

),

counted as (

    select
        'onre_dwellings' as indicator_id,
        7 as classes,
        *
    from stock
    union all
    select
        'onre_dwellings_' || dpe_class as indicator_id,
        1 as classes,
        *
    from stock
    union all
    select
        'onre_dwellings_fg' as indicator_id,
        2 as classes,
        *
    from stock
    where dpe_class in ('f', 'g')

),

-- A class without a row is unknown, and so is the sum.
summed as (

    select
        indicator_id,
        territory_code,
        stock_date,
        if(count(*) = any_value(classes), {{ sum_if_complete('dwellings') }}, null) as value,
        max(snapshot_id) as snapshot_id
    from counted
    group by indicator_id, territory_code, stock_date

)

select
    {{ named_observation_columns(
        "region", "'dwellings'", "year(stock_date)", "stock_date", status="'estimated'"
    ) }}
from summed
