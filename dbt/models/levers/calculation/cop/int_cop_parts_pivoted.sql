with parts as (
    select
        lever_id,
        territory_level,
        territory_code,
        parent_code as region_code,
        framework_version,
        horizon_year,
        measure,
        value,
        key_id,
        key_share,
        is_proxy,
        proxy_reason,
        key_year,
        use_emissions_ktco2e,
        exceeds_emissions,
        use_label,
        measure = 'ktco2e_avoided' and key_id <> 'epci_sector_trajectory' as is_part
    from {{ ref('fct_lever_target_allocation') }}
    where territory_level <> 'commune'
)

select
    lever_id,
    territory_level,
    territory_code,
    region_code,
    framework_version,
    horizon_year,
    max(value) filter (where is_part) as part_ktco2e,
    max(value) filter (where measure = 'physical_delta' and key_id <> 'same_as_region') as physical_change,
    max(value) filter (where key_id = 'same_as_region') as intensive_value,
    max(key_share) filter (where is_part) as key_share,
    max(key_id) filter (where is_part) as key_id,
    bool_or(is_proxy) filter (where is_part) as is_proxy,
    max(proxy_reason) filter (where is_part) as proxy_reason,
    max(key_year) filter (where is_part) as key_year,
    max(use_emissions_ktco2e) filter (where is_part) as use_emissions_ktco2e,
    bool_or(exceeds_emissions) filter (where is_part) as exceeds_emissions,
    max(use_label) filter (where is_part) as use_label
from parts
group by lever_id, territory_level, territory_code, region_code, framework_version, horizon_year
union all
select
    changes.lever_id,
    'region' as territory_level,
    changes.region_code as territory_code,
    changes.region_code,
    changes.framework_version,
    changes.horizon_year,
    max(changes.value) filter (where changes.measure = 'ktco2e_avoided') as part_ktco2e,
    max(changes.value) filter (
        where changes.measure = 'physical_delta' and not changes.is_intensive
    ) as physical_change,
    max(changes.value) filter (where changes.is_intensive) as intensive_value,
    1 as key_share,
    null as key_id,
    false as is_proxy,
    null as proxy_reason,
    null as key_year,
    max(targets.use_emissions_ktco2e) as use_emissions_ktco2e,
    bool_or(targets.exceeds_emissions) as exceeds_emissions,
    max(targets.use_label) as use_label
from {{ ref('int_lever_changes_derived') }} as changes
left join {{ ref('fct_lever_target') }} as targets
    on
        changes.lever_id = targets.lever_id
        and changes.region_code = targets.territory_code
        and targets.territory_level = 'region'
        and changes.framework_version = targets.framework_version
        and changes.horizon_year = targets.horizon_year
        and changes.measure = targets.measure
group by changes.lever_id, changes.region_code, changes.framework_version, changes.horizon_year
