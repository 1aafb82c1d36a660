with

deliveries as (

    select
        region_code as territory_code,
        cast(regexp_extract(campaign, '^(\d{4})', 1) as integer) as campaign_year,
        quantity,
        quantity_status,
        snapshot_id,
        'nitrogen_deliveries' as indicator_id
    from {{ source('raw_unifa', 'unifa_nitrogen_deliveries') }}
    where upper(element) = 'N'

)

select
    {{ named_observation_columns(
        "region", "'t'", "campaign_year", "make_date(campaign_year, 7, 1)",
        value="quantity", status="quantity_status"
    ) }}
from deliveries
