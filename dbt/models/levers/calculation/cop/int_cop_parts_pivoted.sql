with parts as (
    select
        lever_id,
        territory_level,
        territory_code,
        region_code,
        framework_version,
        horizon_year,
        measure,
        value,
        key_id,
        key_share,
        is_proxy,
        proxy_reason,
        key_year,
        measure = 'ktco2e_avoided' as is_part
    from {{ ref('int_lever_parts_unioned') }}
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
    max(key_share) filter (where is_part) as key_share,
    max(key_id) filter (where is_part) as key_id,
    bool_or(is_proxy) filter (where is_part) as is_proxy,
    max(proxy_reason) filter (where is_part) as proxy_reason,
    max(key_year) filter (where is_part) as key_year
from parts
group by lever_id, territory_level, territory_code, region_code, framework_version, horizon_year
union all
select
    lever_id,
    'region' as territory_level,
    region_code as territory_code,
    region_code,
    framework_version,
    horizon_year,
    max(value) filter (where measure = 'ktco2e_avoided') as part_ktco2e,
    1 as key_share,
    null as key_id,
    false as is_proxy,
    null as proxy_reason,
    null as key_year
from {{ ref('int_lever_changes_derived') }}
group by lever_id, region_code, framework_version, horizon_year
