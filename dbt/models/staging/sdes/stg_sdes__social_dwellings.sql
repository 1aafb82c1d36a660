{#- Grain: commune x year. Social dwellings at 1 January; a commune without a row has none.
unique: [territory_code, year] -#}
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
