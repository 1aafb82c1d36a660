{#- Grain: series x departement x year. Social dwellings and, of them, the share rated E, F or G.
unique: [series, territory_code, year] -#}
with editions as (
    select
        departement_code as territory_code,
        -- an edition holds the stock at 1 January of the year before it
        publication_year - 1 as stock_year,
        cast(social_dwellings as double) as social_dwellings,
        social_dwellings_efg_share,
        snapshot_id
    from {{ source('raw_cdc', 'cdc_social_housing_departement') }}
),

measured as (
    select
        territory_code,
        stock_year,
        snapshot_id,
        series,
        value
    from editions
    unpivot include nulls (value for series in (social_dwellings, social_dwellings_efg_share))
)

select
    {{ observation_columns("departement", "stock_year") }}
from measured
