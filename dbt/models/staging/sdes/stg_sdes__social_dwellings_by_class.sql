with

dwellings as (

    select
        coalesce(commune_code, 'unknown') as territory_code,
        dpe_class,
        reference_date as stock_date,
        snapshot_id
    from {{ source('raw_sdes', 'rpls_dwellings') }}

),

counts as (

    select
        territory_code,
        stock_date,
        max(snapshot_id) as snapshot_id,
        count(*) filter (where dpe_class between 'A' and 'G') as social_dwellings_rated,
        count(*) filter (where dpe_class is null or dpe_class not between 'A' and 'G')
            as social_dwellings_not_rated,
        count(*) filter (where dpe_class in ('F', 'G')) as social_dwellings_fg
    from dwellings
    group by territory_code, stock_date

),

by_indicator as (

    select
        territory_code,
        stock_date,
        snapshot_id,
        indicator_id,
        value
    from counts
    unpivot (
        value for indicator_id in (social_dwellings_rated, social_dwellings_not_rated, social_dwellings_fg)
    )

)

select
    {{ named_observation_columns("commune", "'dwellings'", "year(stock_date)", "stock_date") }}
from by_indicator
