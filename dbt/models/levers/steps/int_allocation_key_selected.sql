with usable_keys as (
    select
        key_id,
        region_code,
        sum(cast(weight as decimal(38, 15))) as total_weight,
        max(key_year) as key_year,
        max(key_source) as key_source
    from {{ ref('int_allocation_key_weights') }}
    group by key_id, region_code
    having sum(cast(weight as decimal(38, 15))) > 0
)

select
    listed.lever_id,
    usable_keys.region_code,
    listed.priority,
    listed.key_id,
    listed.key_level,
    listed.key_label_fr,
    listed.spread_label_fr,
    listed.is_proxy,
    listed.proxy_reason_fr,
    usable_keys.key_year,
    usable_keys.key_source,
    cast(usable_keys.total_weight as double) as total_weight
from {{ ref('int_allocation_keys_listed') }} as listed
inner join usable_keys on listed.key_id = usable_keys.key_id
qualify row_number() over (
    partition by listed.lever_id, usable_keys.region_code
    order by listed.priority
) = 1
