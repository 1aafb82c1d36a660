{#- What is more than a measure often does from one year to the next: more than twice, or less than half, also when what
the other territories of the level share is taken out, as `int_jumps_detected` does: that is no jump. -#}
{% set jump_factor = 2 %}
{% set least_others = 5 %}

{#- A change is apart that lies outside those of nine tenths of the others by so much, and by so many times their spread. -#}
{% set far_apart = 0.1 %}
{% set times_apart = 2 %}
with last_breaks as (
    select
        indicator_id,
        max(break_year) as break_year
    from {{ ref('series_breaks') }}
    group by indicator_id
),

-- What measures a lever, and the series that the project composes to judge one.
links as (
    select
        lever_id,
        indicator_id,
        is_raw
    from {{ ref('bridge_lever_indicator') }}
    where role = 'measure'
    union all
    select distinct
        rules.lever_id,
        rules.indicator_id,
        false as is_raw
    from {{ ref('verdict_rules') }} as rules
    semi join {{ ref('composed_series') }} as composed on rules.indicator_id = composed.indicator_id
),

observed as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value,
        value_status in ('observed', 'aggregated') and completeness_pct >= 100 and not is_provisional as is_sure,
        compares_with_latest,
        dataset_id,
        snapshot_id
    from {{ ref('fct_indicator_value') }}
    where value is not null and not is_incomplete_year and not is_anomalous
    union all
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value,
        completeness_pct >= 100 and not is_estimated as is_sure,
        {{ is_years_apart('reference_date', 'max(reference_date) over each_series') }} as compares_with_latest,
        dataset_id,
        null as snapshot_id
    from {{ ref('int_series_composed') }}
    where not is_incomplete_year and not is_anomalous and completeness_pct is not null
    window each_series as (partition by indicator_id, territory_level, territory_code)
),

flagged as (
    select distinct
        indicator_id,
        territory_level,
        territory_code,
        year
    from {{ ref('int_anomalies_detected') }}
),

stepped as (
    select
        observed.*,
        flagged.indicator_id is not null as is_anomalous,
        lag(observed.year) over each_series as previous_year,
        observed.value - lag(observed.value) over each_series as step
    from observed
    semi join links on observed.indicator_id = links.indicator_id
    left join last_breaks on observed.indicator_id = last_breaks.indicator_id
    left join flagged
        on
            observed.indicator_id = flagged.indicator_id
            and observed.territory_level = flagged.territory_level
            and observed.territory_code = flagged.territory_code
            and observed.year = flagged.year
    where
        observed.territory_level not in ('pays', 'commune')
        and observed.compares_with_latest
        and observed.year >= coalesce(last_breaks.break_year, observed.year)
    window each_series as (
        partition by observed.indicator_id, observed.territory_level, observed.territory_code order by observed.year
    )
),

-- A step goes on that is of one year and goes the way of the last.
directed as (
    select
        *,
        row_number() over newest_first as place,
        year = previous_year + 1 and step * first_value(step) over newest_first > 0 as goes_on
    from stepped
    window newest_first as (
        partition by indicator_id, territory_level, territory_code order by year desc
        rows between unbounded preceding and unbounded following
    )
),

stopped as (
    select
        *,
        min(if(place > 1 and not coalesce(goes_on, false), place, null)) over each_series as stops_at
    from directed
    window each_series as (partition by indicator_id, territory_level, territory_code)
),

series as (
    select
        indicator_id,
        territory_level,
        territory_code,
        min(year) as first_year,
        arg_min(value, year) as first_value,
        max(if(place = 2, year, null)) as previous_year,
        max(if(place = 2, value, null)) as previous_value,
        max(year) as last_year,
        arg_max(value, year) as last_value,
        bool_and(coalesce(is_sure, false)) filter (where place <= 2) as is_sure,
        bool_or(is_anomalous) filter (where place <= 2) as is_anomalous,
        min(if(place > 1 and place < stops_at, previous_year, null)) as turned_year,
        if(bool_or(step > 0) and bool_or(step < 0), min(value), null) as swing_low,
        if(bool_or(step > 0) and bool_or(step < 0), max(value), null) as swing_high,
        arg_max(dataset_id, year) as dataset_id,
        arg_max(snapshot_id, year) as snapshot_id
    from stopped
    group by indicator_id, territory_level, territory_code
    having count(*) > 1
),

-- All territories of the level that have the same two years, wherever they are.
beside as (
    select
        *,
        last_value / nullif(previous_value, 0) - 1 as relative_change,
        count(relative_change) over others as other_count,
        quantile_cont(relative_change, 0.05) over others as others_low,
        median(relative_change) over others as others_median,
        quantile_cont(relative_change, 0.95) over others as others_high
    from series
    window others as (
        partition by indicator_id, territory_level, previous_year, last_year
        rows between unbounded preceding and unbounded following exclude current row
    )
),

shared as (
    select
        *,
        previous_value * if(
            other_count >= {{ least_others }} and others_median > -1, 1 + others_median, 1
        ) as value_by_others
    from beside
),

judged as (
    select
        shared.*,
        previous_value * last_value < 0
        or (
            {{ jumps('previous_value', 'last_value', jump_factor) }}
            and {{ jumps('value_by_others', 'last_value', jump_factor) }}
        ) as is_jump,
        other_count >= {{ least_others }}
        and coalesce(
            greatest(
                others_low - relative_change, relative_change - others_high
            )
            > greatest({{ far_apart }}, {{ times_apart }} * (others_high - others_low)),
            false
        ) as is_apart,
        case
            when is_anomalous then 'anomaly'
            when is_jump then 'jump'
            when is_apart then 'apart'
            when not is_sure then 'uncertain'
        end as doubt_code
    from shared
),

-- A lever may have several series of one unit: an older one is not its latest news.
newest as (
    select
        linked.lever_id,
        observed.territory_level,
        observed.territory_code,
        indicators.unit,
        max(observed.year) as year
    from {{ ref('bridge_lever_indicator') }} as linked
    inner join {{ ref('dim_indicator') }} as indicators on linked.indicator_id = indicators.indicator_id
    inner join observed on linked.indicator_id = observed.indicator_id
    group by linked.lever_id, observed.territory_level, observed.territory_code, indicators.unit
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
    judged.last_value - judged.previous_value as change,
    judged.relative_change,
    judged.last_value - judged.first_value as change_since_first,
    judged.turned_year,
    judged.swing_low,
    judged.swing_high,
    judged.doubt_code,
    {{ label_fr('change_doubt', 'judged.doubt_code') }} as doubt_label_fr,
    judged.is_anomalous or judged.is_jump or judged.is_apart as is_to_check,
    cast(judged.other_count as integer) as other_count,
    judged.others_low,
    judged.others_median,
    judged.others_high,
    judged.last_year >= coalesce(newest.year, judged.last_year) as is_latest_of_lever,
    links.is_raw,
    judged.dataset_id,
    judged.snapshot_id
from judged
inner join links on judged.indicator_id = links.indicator_id
inner join {{ ref('dim_indicator') }} as indicators on judged.indicator_id = indicators.indicator_id
inner join {{ ref('dim_territory') }} as territories
    on
        judged.territory_level = territories.territory_level
        and judged.territory_code = territories.territory_code
left join {{ ref('int_lever_own_regions') }} as own_regions
    on
        links.lever_id = own_regions.lever_id
        and territories.region_code = own_regions.region_code
inner join {{ ref('dim_lever') }} as levers on links.lever_id = levers.lever_id
left join newest
    on
        links.lever_id = newest.lever_id
        and judged.territory_level = newest.territory_level
        and judged.territory_code = newest.territory_code
        and indicators.unit = newest.unit
where
    territories.is_in_scope
    and (levers.lever_set <> 'regional_variant' or own_regions.lever_id is not null)
