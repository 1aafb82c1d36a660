with ranges as (
    select
        lever_id,
        territory_level,
        territory_code,
        region_code,
        framework_version,
        horizon_year,
        count(*) filter (where is_in_range) as key_count,
        min(part_ktco2e) filter (where is_in_range) as least_ktco2e,
        max(part_ktco2e) filter (where is_in_range) as most_ktco2e
    from {{ ref('fct_lever_part_by_key') }}
    group by lever_id, territory_level, territory_code, region_code, framework_version, horizon_year
),

uses as (
    select
        lever_id,
        territory_level,
        territory_code,
        parent_code as region_code,
        framework_version,
        horizon_year,
        use_label,
        use_emissions_ktco2e,
        exceeds_emissions
    from {{ ref('fct_lever_target_allocation') }}
    where use_label is not null
    union all
    select
        lever_id,
        territory_level,
        territory_code,
        territory_code as region_code,
        framework_version,
        horizon_year,
        use_label,
        use_emissions_ktco2e,
        exceeds_emissions
    from {{ ref('fct_lever_target') }}
    where use_label is not null and territory_level = 'region'
),

site_keys as (
    select
        allocation_keys.key_id,
        allocation_keys.key_level
    from {{ ref('dim_allocation_key') }} as allocation_keys
    semi join {{ ref('indicator_value_rules') }} as rules
        on allocation_keys.indicator_id = rules.indicator_id and rules.rule = 'few_sites'
    where allocation_keys.spread_indicator_id is not null
)

-- Parts are compared to the gram: two of the same target and key are equal.
select
    levers.lever_id,
    levers.territory_level,
    levers.territory_code,
    levers.region_code,
    levers.framework_version,
    levers.horizon_year,
    levers.avoided_ktco2e as region_target_ktco2e,
    parts.part_ktco2e,
    parts.key_share,
    ranges.least_ktco2e,
    ranges.most_ktco2e,
    ranges.key_count,
    ranges.key_count = 1 as rests_on_one_key,
    parts.key_id,
    parts.key_year,
    parts.is_proxy,
    parts.proxy_reason,
    if(
        site_keys.key_id is null, null, levers.territory_level = site_keys.key_level
    ) as places_sites,
    round(ranges.least_ktco2e, 9)
    < coalesce(max(if(site_keys.key_id is null, round(parts.part_ktco2e, 9), null)) over lighter, 0)
        as may_fall_behind,
    said.quantity_kind,
    said.quantity,
    said.quantity_unit_fr,
    said.phrase,
    said.scale_phrase,
    said.no_quantity_reason,
    uses.use_label,
    uses.use_emissions_ktco2e,
    uses.exceeds_emissions,
    levers.remark
from {{ ref('int_cop_levers_listed') }} as levers
left join {{ ref('int_cop_parts_pivoted') }} as parts
    on
        levers.lever_id = parts.lever_id
        and {{ same_territory('levers', 'parts') }}
        and levers.region_code = parts.region_code
        and levers.framework_version = parts.framework_version
        and levers.horizon_year = parts.horizon_year
left join {{ ref('int_cop_quantities_said') }} as said
    on
        levers.lever_id = said.lever_id
        and {{ same_territory('levers', 'said') }}
        and levers.region_code = said.region_code
        and levers.framework_version = said.framework_version
        and levers.horizon_year = said.horizon_year
left join ranges
    on
        levers.lever_id = ranges.lever_id
        and {{ same_territory('levers', 'ranges') }}
        and levers.region_code = ranges.region_code
        and levers.framework_version = ranges.framework_version
        and levers.horizon_year = ranges.horizon_year
left join uses
    on
        parts.lever_id = uses.lever_id
        and {{ same_territory('parts', 'uses') }}
        and parts.region_code = uses.region_code
        and parts.framework_version = uses.framework_version
        and parts.horizon_year = uses.horizon_year
left join site_keys on parts.key_id = site_keys.key_id
window lighter as (
    partition by
        levers.territory_level,
        levers.territory_code,
        levers.region_code,
        levers.framework_version,
        levers.horizon_year
    order by round(parts.part_ktco2e, 9) desc nulls last, levers.lever_id asc
    rows between 1 following and unbounded following
)
