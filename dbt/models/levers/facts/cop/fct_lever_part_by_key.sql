with usable_keys as (
    select distinct
        key_id,
        region_code
    from {{ ref('int_allocation_key_shares') }}
)

-- A key that is population, or that population spreads, is in the range only if it is the key that was kept.
select
    levers.lever_id,
    levers.territory_level,
    levers.territory_code,
    levers.region_code,
    levers.framework_version,
    levers.horizon_year,
    listed.priority,
    listed.key_id,
    key_labels.key_label_fr,
    key_shares.key_year,
    key_shares.key_source,
    listed.is_proxy,
    listed.key_id = selected.key_id as is_kept,
    'population' not in (listed.indicator_id, coalesce(listed.spread_indicator_id, ''))
    or listed.key_id = selected.key_id as is_in_range,
    coalesce(key_shares.key_share, 0) as key_share,
    levers.avoided_ktco2e * coalesce(key_shares.key_share, 0) as part_ktco2e
from {{ ref('int_cop_levers_listed') }} as levers
inner join {{ ref('int_allocation_keys_listed') }} as listed on levers.lever_id = listed.lever_id
inner join {{ ref('dim_allocation_key') }} as key_labels on listed.key_id = key_labels.key_id
inner join usable_keys
    on
        listed.key_id = usable_keys.key_id
        and levers.region_code = usable_keys.region_code
inner join {{ ref('int_allocation_key_selected') }} as selected
    on
        levers.lever_id = selected.lever_id
        and levers.region_code = selected.region_code
left join {{ ref('int_allocation_key_shares') }} as key_shares
    on
        listed.key_id = key_shares.key_id
        and levers.region_code = key_shares.region_code
        and {{ same_territory('levers', 'key_shares') }}
where levers.territory_level <> 'region'
