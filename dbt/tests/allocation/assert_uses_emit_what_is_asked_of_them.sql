{{ config(severity='warn') }}
-- What the State asks of a region may exceed what its use emits: it stays, flagged. A part that exceeds it by
-- half as much again as the region's was divided by a key that does not say where the use is.
with parts as (
    select
        lever_id,
        parent_code as region_code,
        territory_level,
        territory_code,
        framework_version,
        use_asked_ktco2e / use_emissions_ktco2e as asked_share
    from {{ ref('fct_lever_target_allocation') }}
    where exceeds_emissions
),

regions as (
    select
        lever_id,
        territory_code as region_code,
        framework_version,
        use_asked_ktco2e / use_emissions_ktco2e as asked_share
    from {{ ref('fct_lever_target') }}
    where territory_level = 'region' and measure = 'ktco2e_avoided' and use_emissions_ktco2e > 0
)

select
    parts.*,
    regions.asked_share as asked_share_of_region
from parts
left join regions
    on
        parts.lever_id = regions.lever_id
        and parts.region_code = regions.region_code
        and parts.framework_version = regions.framework_version
where not coalesce(parts.asked_share <= 1.5 * greatest(regions.asked_share, 1), false)
