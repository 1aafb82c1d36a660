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
    keys.lever_id,
    usable_keys.region_code,
    keys.priority,
    keys.key_id,
    keys.key_level,
    keys.key_label_fr,
    keys.spread_label_fr,
    keys.is_proxy,
    keys.proxy_reason_fr,
    usable_keys.key_year,
    usable_keys.key_source,
    cast(usable_keys.total_weight as double) as total_weight
from {{ ref('int_allocation_keys_listed') }} as keys
inner join usable_keys on keys.key_id = usable_keys.key_id
qualify row_number() over (
    partition by keys.lever_id, usable_keys.region_code
    order by keys.priority
) = 1
