with

editions as (

    select
        departement_code as territory_code,
        -- an edition holds the stock at 1 January of the year before it
        publication_year - 1 as stock_year,
        cast(social_dwellings as double) as social_dwellings_departement,
        social_dwellings_efg_share,
        snapshot_id
    from {{ source('raw_cdc', 'cdc_social_housing_departement') }}

),

measured as (

    select
        territory_code,
        stock_year,
        snapshot_id,
        indicator_id,
        value,
        case indicator_id
            when 'social_dwellings_departement' then 'dwellings'
            when 'social_dwellings_efg_share' then '%'
        end as unit
    from editions
    unpivot include nulls (
        value for indicator_id in (social_dwellings_departement, social_dwellings_efg_share)
    )

)

select
    {{ named_observation_columns("departement", "unit", "stock_year") }}
from measured
