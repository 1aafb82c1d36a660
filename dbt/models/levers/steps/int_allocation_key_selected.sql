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
    anti join {{ ref('int_allocation_keys_over_ceilings') }} as over_ceilings
        on
            listed.lever_id = over_ceilings.lever_id
            and listed.key_id = over_ceilings.key_id
            and weighed_keys.region_code = over_ceilings.region_code
),

selected as (
    select *
    from usable_keys
    qualify row_number() over (partition by lever_id, region_code order by priority) = 1
),

-- Of the keys that come before the selected one, those that are not usable because a value cannot be true.
refused as (
    select
        listed.lever_id,
        listed.priority,
        refused_keys.region_code,
        'Clé écartée : ' || arg_max(refused_keys.reason, refused_keys.year) as reason
    from {{ ref('int_allocation_keys_listed') }} as listed
    inner join {{ ref('int_allocation_keys_refused') }} as refused_keys on listed.key_id = refused_keys.key_id
    anti join weighed_keys
        on
            listed.key_id = weighed_keys.key_id
            and refused_keys.region_code = weighed_keys.region_code
    group by listed.lever_id, listed.priority, refused_keys.region_code
    union all
    select
        listed.lever_id,
        listed.priority,
        over_ceilings.region_code,
        'Clé écartée : ' || over_ceilings.reason as reason
    from {{ ref('int_allocation_keys_listed') }} as listed
    inner join {{ ref('int_allocation_keys_over_ceilings') }} as over_ceilings
        on
            listed.lever_id = over_ceilings.lever_id
            and listed.key_id = over_ceilings.key_id
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
    nullif(
        concat_ws(
            ' ', selected.proxy_reason_fr, given_way.reason, 'Valeur écartée : ' || set_aside.reason
        ),
        ''
    ) as proxy_reason_fr,
    selected.key_year,
    selected.key_source,
    selected.total_weight
from selected
left join given_way
    on
        selected.lever_id = given_way.lever_id
        and selected.region_code = given_way.region_code
left join {{ ref('int_allocation_keys_refused') }} as set_aside
    on
        selected.key_id = set_aside.key_id
        and selected.region_code = set_aside.region_code
        and selected.key_year = set_aside.year
