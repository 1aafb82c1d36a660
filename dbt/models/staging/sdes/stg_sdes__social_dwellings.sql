with

stock as (

    select
        commune_code as territory_code,
        nb_ls,
        reference_date as stock_date,
        snapshot_id,
        'social_dwellings' as indicator_id
    from {{ source('raw_sdes', 'rpls_commune') }}

)

select
    {{ named_observation_columns("commune", "'dwellings'", "year(stock_date)", "stock_date", value="nb_ls") }}
from stock
