{#- Grain: region x campaign. Tonnes of nitrogen delivered; a campaign from July to June bears the year in
which it starts. The other elements stay in the raw table.
unique: [series, territory_code, year] -#}
with deliveries as (
    select
        upper(element) as series,
        region_code as territory_code,
        cast(regexp_extract(campaign, '^(\d{4})', 1) as integer) as campaign_year,
        quantity,
        quantity_status,
        snapshot_id
    from {{ source('raw_unifa', 'unifa_nitrogen_deliveries') }}
    where upper(element) not in ('P2O5', 'K2O')
)

select
    {{ observation_columns(
        "region", "campaign_year", "make_date(campaign_year, 7, 1)",
        value="quantity", status="quantity_status"
    ) }}
from deliveries
