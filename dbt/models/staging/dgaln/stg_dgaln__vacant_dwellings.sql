with

vacant as (

    select
        commune_code as territory_code,
        2000 + cast(year_suffix as integer) as stock_year,
        vacant_over_2_years,
        vacant_over_2_years_status,
        snapshot_id,
        'dwellings_vacant_over_2_years' as indicator_id
    from {{ source('raw_dgaln', 'lovac_commune') }}

)

select
    {{ observation_columns(
        "commune", "'dwellings'", "stock_year",
        value="vacant_over_2_years", status="vacant_over_2_years_status"
    ) }}
from vacant
