with stock as (
    select
        commune_code as territory_code,
        nb_ls,
        reference_date as stock_date,
        snapshot_id,
        'nb_ls' as series
    from {{ source('raw_sdes', 'rpls_commune') }}
)

select
    {{ observation_columns("commune", "year(stock_date)", "stock_date", value="nb_ls") }}
from stock
