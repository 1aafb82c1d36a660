with weighed_keys as (
    select
        key_id,
        region_code,
        sum(cast(weight as decimal(38, 15))) as total_weight,
        max(key_year) as key_year,
        max(key_source) as key_source
    from {{ ref('int_allocation_key_weights') }}
    group by key_id, region_code
    having sum(cast(weight as decimal(38, 15))) > 0
),

usable_keys as (
    select
        listed.*,
        weighed_keys.region_code,
        weighed_keys.key_year,
        weighed_keys.key_source,
        cast(weighed_keys.total_weight as double) as total_weight
    from {{ ref('int_allocation_keys_listed') }} as listed
    inner join weighed_keys on listed.key_id = weighed_keys.key_id
)

select
    lever_id,
    region_code,
    priority,
    key_id,
    key_level,
    key_label_fr,
    spread_label_fr,
    is_proxy,
    proxy_reason_fr,
    key_year,
    key_source,
    total_weight
from usable_keys
qualify row_number() over (partition by lever_id, region_code order by priority) = 1
