with usable_keys as (
    select
        key_id,
        region_code,
        max(key_year) as key_year
    from {{ ref('int_allocation_key_shares') }}
    group by key_id, region_code
),

-- `impossible_value`: the key has no usable value left and is refused. `value_set_aside`: the key is used,
-- without the value of this territory in the year of the key.
impossible as (
    select
        listed.lever_id,
        listed.key_id,
        refused.region_code,
        refused.territory_level,
        refused.territory_code,
        refused.year,
        refused.reason,
        if(usable_keys.key_id is null, 'impossible_value', 'value_set_aside') as kind
    from {{ ref('int_allocation_keys_refused') }} as refused
    inner join {{ ref('int_allocation_keys_listed') }} as listed on refused.key_id = listed.key_id
    left join usable_keys
        on
            refused.key_id = usable_keys.key_id
            and refused.region_code = usable_keys.region_code
    qualify
        refused.year = coalesce(
            usable_keys.key_year,
            max(refused.year) over (partition by listed.lever_id, refused.key_id, refused.region_code)
        )
),

refusals as (
    select * from impossible
    union all by name
    select
        *,
        'over_ceiling' as kind
    from {{ ref('int_allocation_keys_over_ceilings') }}
)

select
    refusals.lever_id,
    refusals.region_code,
    refusals.key_id,
    listed.priority,
    refusals.kind,
    {{ label_fr('key_refusal', 'refusals.kind') }} as kind_label_fr,
    refusals.kind <> 'value_set_aside' as is_refused,
    listed.priority < selected.priority as comes_before_kept,
    refusals.territory_level,
    refusals.territory_code,
    refusals.year,
    refusals.reason
from refusals
inner join {{ ref('int_allocation_keys_listed') }} as listed
    on
        refusals.lever_id = listed.lever_id
        and refusals.key_id = listed.key_id
inner join {{ ref('int_allocation_key_selected') }} as selected
    on
        refusals.lever_id = selected.lever_id
        and refusals.region_code = selected.region_code
