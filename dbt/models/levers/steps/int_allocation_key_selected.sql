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
),

-- Of the keys that come before the selected one, those that are not usable because a value cannot be true.
refused as (
    select
        listed.lever_id,
        listed.priority,
        refused_keys.region_code,
        refused_keys.reason
    from {{ ref('int_allocation_keys_listed') }} as listed
    inner join {{ ref('int_allocation_keys_refused') }} as refused_keys on listed.key_id = refused_keys.key_id
    anti join usable_keys
        on
            listed.key_id = usable_keys.key_id
            and refused_keys.region_code = usable_keys.region_code
),

selected as (
    select
        listed.*,
        usable_keys.region_code,
        usable_keys.key_year,
        usable_keys.key_source,
        cast(usable_keys.total_weight as double) as total_weight
    from {{ ref('int_allocation_keys_listed') }} as listed
    inner join usable_keys on listed.key_id = usable_keys.key_id
    qualify row_number() over (
        partition by listed.lever_id, usable_keys.region_code
        order by listed.priority
    ) = 1
),

given_way as (
    select
        selected.lever_id,
        selected.region_code,
        string_agg(distinct refused.reason, ' ' order by refused.reason) as reason
    from selected
    inner join refused
        on
            selected.lever_id = refused.lever_id
            and selected.region_code = refused.region_code
            and selected.priority > refused.priority
    group by selected.lever_id, selected.region_code
)

select
    selected.lever_id,
    selected.region_code,
    selected.priority,
    selected.key_id,
    selected.key_level,
    selected.key_label_fr,
    selected.spread_label_fr,
    selected.is_proxy,
    nullif(concat_ws(' ', selected.proxy_reason_fr, given_way.reason), '') as proxy_reason_fr,
    selected.key_year,
    selected.key_source,
    selected.total_weight
from selected
left join given_way
    on
        selected.lever_id = given_way.lever_id
        and selected.region_code = given_way.region_code
