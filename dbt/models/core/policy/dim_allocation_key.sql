with chained as (
    select
        concat_ws('__', indicator_id, spread_indicator_id) as key_id,
        indicator_id,
        spread_indicator_id,
        count(distinct lever_id) as lever_count,
        count(distinct lever_id) filter (where not is_proxy) as own_key_count
    from {{ ref('lever_allocation_keys') }}
    group by indicator_id, spread_indicator_id
)

select
    chained.key_id,
    concat_ws(', ventilé selon : ', measured.label_fr, spreads.label_fr) as key_label_fr,
    measured.label_fr as measured_label_fr,
    chained.indicator_id,
    chained.spread_indicator_id,
    measured.rollup_from as key_level,
    {{ label_fr('territory_level', 'measured.rollup_from') }} as key_level_label_fr,
    chained.lever_count,
    chained.own_key_count,
    measured.has_values
    and (chained.spread_indicator_id is null or spreads.has_values) as has_values
from chained
inner join {{ ref('dim_indicator') }} as measured on chained.indicator_id = measured.indicator_id
left join {{ ref('dim_indicator') }} as spreads on chained.spread_indicator_id = spreads.indicator_id
