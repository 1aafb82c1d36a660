{#- `is_jump`: the value changes its sign, or by more than `change_factor`, also after the median change of
the other territories is taken out. `is_apart`: the change lies outside the middle nine tenths of the others,
by `change_far_apart` and by `change_times_apart` times their width. -#}
with links as (
    select
        lever_id,
        indicator_id
    from {{ ref('bridge_lever_indicator') }}
    where role = 'measure'
    union all
    select distinct
        rules.lever_id,
        rules.indicator_id
    from {{ ref('verdict_rules') }} as rules
    semi join {{ ref('composed_series') }} as composed on rules.indicator_id = composed.indicator_id
),

-- All territories of the level that have the same two years, wherever they are.
compared as (
    select
        *,
        last_value / nullif(previous_value, 0) - 1 as relative_change,
        count(relative_change) over others as other_count,
        quantile_cont(relative_change, 0.05) over others as others_low,
        median(relative_change) over others as others_median,
        quantile_cont(relative_change, 0.95) over others as others_high
    from {{ ref('int_series_changes') }}
    window others as (
        partition by indicator_id, territory_level, previous_year, last_year
        rows between unbounded preceding and unbounded following exclude current row
    )
),

shared as (
    select
        *,
        previous_value * if(
            other_count >= {{ threshold('change_least_others') }} and others_median > -1, 1 + others_median, 1
        ) as value_by_others
    from compared
),

judged as (
    select
        *,
        previous_value * last_value < 0
        or (
            {{ jumps('previous_value', 'last_value', threshold('change_factor')) }}
            and {{ jumps('value_by_others', 'last_value', threshold('change_factor')) }}
        ) as is_jump,
        other_count >= {{ threshold('change_least_others') }}
        and coalesce(
            greatest(others_low - relative_change, relative_change - others_high)
            > greatest(
                {{ threshold('change_far_apart') }},
                {{ threshold('change_times_apart') }} * (others_high - others_low)
            ),
            false
        ) as is_apart,
        case
            when is_anomalous then 'anomaly'
            when is_jump then 'jump'
            when is_apart then 'apart'
            when not (is_previous_sure and is_last_sure) then 'uncertain'
        end as doubt_code
    from shared
),

-- The last year of a lever in a unit, over all its series: `is_latest_of_lever` compares with it.
newest as (
    select
        linked.lever_id,
        observed.territory_level,
        observed.territory_code,
        observed.unit,
        max(observed.year) as year
    from {{ ref('bridge_lever_indicator') }} as linked
    inner join {{ ref('fct_indicator_value') }} as observed on linked.indicator_id = observed.indicator_id
    where observed.value is not null and not observed.is_incomplete_year
    group by linked.lever_id, observed.territory_level, observed.territory_code, observed.unit
)

select
    links.lever_id,
    judged.indicator_id,
    judged.territory_level,
    judged.territory_code,
    indicators.unit,
    judged.first_year,
    judged.first_value,
    judged.previous_year,
    judged.previous_value,
    judged.last_year,
    judged.last_value,
    judged.last_value - judged.previous_value as last_change,
    judged.relative_change,
    judged.turned_year,
    judged.doubt_code,
    {{ label_fr('change_doubt', 'judged.doubt_code') }} as doubt_label_fr,
    judged.is_anomalous or judged.is_jump or judged.is_apart as is_to_check,
    judged.others_low,
    judged.others_high,
    judged.last_year >= coalesce(newest.year, judged.last_year) as is_latest_of_lever,
    judged.dataset_id,
    judged.snapshot_id
from judged
inner join links on judged.indicator_id = links.indicator_id
inner join {{ ref('dim_indicator') }} as indicators on judged.indicator_id = indicators.indicator_id
inner join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('judged', 'territories') }}
left join {{ ref('int_lever_own_regions') }} as own_regions
    on
        links.lever_id = own_regions.lever_id
        and territories.region_code = own_regions.region_code
inner join {{ ref('dim_lever') }} as levers on links.lever_id = levers.lever_id
left join newest
    on
        links.lever_id = newest.lever_id
        and {{ same_territory('judged', 'newest') }}
        and indicators.unit = newest.unit
where
    territories.is_in_scope
    and (levers.lever_set <> 'regional_variant' or own_regions.lever_id is not null)
