with usable_keys as (
    select
        key_id,
        region_code,
        max(key_year) as key_year
    from {{ ref('int_allocation_key_shares') }}
    group by key_id, region_code
),

-- `impossible_value`: the key has no usable value left and is refused. Else it is used without the value of
-- this territory (`value_set_aside`) or with what remains of it (`value_mended`).
refusals as (
    select
        listed.lever_id,
        listed.key_id,
        refused.region_code,
        refused.territory_level,
        refused.territory_code,
        refused.year,
        refused.reason,
        case
            when usable_keys.key_id is null then 'impossible_value'
            when refused.mended_value is null then 'value_set_aside'
            else 'value_mended'
        end as kind
    from {{ ref('int_allocation_values_refused') }} as refused
    inner join {{ ref('int_allocation_keys_listed') }} as listed
        on
            (refused.indicator_id, refused.territory_level)
            in ((listed.indicator_id, listed.key_level), (listed.spread_indicator_id, listed.spread_level))
    left join usable_keys
        on
            listed.key_id = usable_keys.key_id
            and refused.region_code = usable_keys.region_code
    qualify
        refused.year = coalesce(
            usable_keys.key_year,
            max(refused.year) over (partition by listed.lever_id, listed.key_id, refused.region_code)
        )
)

select
    refusals.lever_id,
    refusals.region_code,
    refusals.key_id,
    listed.priority,
    refusals.kind,
    {{ label_fr('key_refusal', 'refusals.kind') }} as kind_label_fr,
    refusals.kind = 'impossible_value' as is_refused,
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
