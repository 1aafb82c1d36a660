-- Decides the reading of each line: the first condition that holds in the `case` of `decided_by`.
-- The order is that of the seed `reading_rules`, which tells what each code means.
with main_variants as (
    select
        lever_id,
        indicator_id,
        basis,
        territory_level,
        territory_code,
        framework_version,
        improvement,
        start_year,
        start_value,
        start_origin,
        series_start_value,
        target_value,
        certain_share,
        margin,
        no_target_code,
        first_usable_year,
        latest_year,
        latest_value,
        age,
        year_count,
        years_since_start,
        last_year_left_out,
        left_out_because,
        stopped_by_break_year,
        band,
        known_pct,
        is_covering,
        is_broken,
        break_reason,
        break_effect,
        unknown_min,
        unknown_max,
        whole_fr,
        caveat_fr,
        judges,
        covers,
        path_value,
        pace,
        least_ahead_by,
        most_ahead_by,
        least_away_by,
        if(moves_away_by is null, null, ahead_by) as comparable_ahead_by,
        year_count < {{ threshold('trend_least_years') }} as has_two_points,
        years_since_start = 1 or has_two_points as has_nothing_between,
        -- A break counts only if the start is one of the series.
        is_broken and start_origin = 'series' as has_break,
        if(has_break, break_effect, 0) as break_counted,
        margin + coalesce(break_counted, 0) as uncertainty,
        -- The path if only the part of the change that surely falls on the series is asked (`certain_share`).
        if(certain_share < 1, start_value + certain_share * (path_value - start_value), null)
            as least_path_value,
        improvement * (latest_value - least_path_value) as ahead_of_least_path_by,
        improvement * (path_value - start_value) as way_gone,
        if(latest_value > path_value, latest_value - unknown_min, unknown_max - latest_value) as way_to_bound,
        -- How far the uncovered part may move the value towards its path: up to `unknown_min` or
        -- `unknown_max` on a partial basis, else as parts like the known ones would.
        case
            when basis = 'partial' then (100 - known_pct) * if(way_to_bound < 0, 0, way_to_bound) / 100
            when is_covering then if(known_pct is null, null, 0)
            else abs(latest_value) * (100 - known_pct) / nullif(known_pct, 0)
        end as unknown_part
    from {{ ref('int_verdict_variants_compared') }}
    where is_main
),

conditions as (
    select
        *,
        {{ sure_gap('uncertainty') }} as sure_gap,
        uncertainty * {{ threshold('leaning_share') }} * (1 - {{ threshold('forgiven') }}) as leaning_gap,
        -- No comparable series, target or start: the first of the codes is the one given.
        case
            when no_target_code is not null then no_target_code
            when latest_value is null and last_year_left_out is not null then 'left_out'
            when latest_value is null then 'too_few_for_mean'
            when is_covering and known_pct is null then 'whole_unknown'
            when
                is_covering
                and known_pct < if(
                    basis = 'partial',
                    {{ threshold('least_covered_pct') }},
                    {{ threshold('least_known_pct') }}
                )
                then 'covers_too_little'
            when known_pct < {{ threshold('least_known_pct') }} then 'too_little_known'
            when has_break and break_counted is null then 'series_break'
            when comparable_ahead_by is not null then null
            when year_count = 1 and target_value is not null then 'one_year'
            when year_count = 1 then 'one_year_no_target'
            when start_value is null then 'starts_too_late'
            when stopped_by_break_year is not null then 'nothing_before_break'
            else 'nothing_after_start'
        end as not_comparable_code,
        comparable_ahead_by < -sure_gap as is_behind_path,
        comparable_ahead_by > sure_gap as is_ahead_of_path,
        is_behind_path and least_away_by > sure_gap as moves_away,
        -- A part is at most the whole, a wider count at least it: each proves one side of the path.
        judges = 'means'
        or covers = 'same'
        or (covers = 'part' and latest_value > path_value)
        or (covers = 'wider' and latest_value < path_value) as is_side_of_whole
    from main_variants
),

-- The first condition that holds decides. Codes and order are those of `reading_rules`, without `means_only`,
-- which `fct_lever_verdict` gives.
decisions as (
    select
        *,
        case
            when not_comparable_code is not null then 'not_comparable'
            when unknown_part is null or (unknown_part > 0 and abs(comparable_ahead_by) <= unknown_part)
                then 'unknown_may_turn'
            when is_behind_path and ahead_of_least_path_by >= -sure_gap and not moves_away
                then 'ask_may_turn'
            when most_ahead_by > sure_gap and least_ahead_by < -sure_gap then 'variants_differ'
            when age >= {{ threshold('too_old_age') }} then 'too_old'
            when has_nothing_between then 'nothing_between'
            when (is_ahead_of_path or is_behind_path) and not is_side_of_whole then 'other_perimeter'
            when is_ahead_of_path then 'beyond_path'
            when moves_away then 'moves_away'
            when is_behind_path then 'behind_path'
            else 'within_margin'
        end as decided_by,
        round(100 * abs(latest_value / path_value - 1), 1) as gap_pct,
        round(100 * abs(latest_value / least_path_value - 1), 1) as least_gap_pct
    from conditions
)

select
    decisions.lever_id,
    decisions.indicator_id,
    decisions.basis,
    decisions.territory_level,
    decisions.territory_code,
    decisions.framework_version,
    decisions.has_two_points,
    decisions.comparable_ahead_by,
    decisions.break_counted,
    decisions.uncertainty,
    decisions.unknown_part,
    decisions.decided_by,
    rules.reading,
    rules.concludes,
    case
        when rules.concludes then null
        when decisions.decided_by = 'not_comparable' then decisions.not_comparable_code
        when decisions.decided_by = 'unknown_may_turn' and decisions.basis = 'partial' then 'part_may_turn'
        when decisions.decided_by = 'nothing_between' and decisions.has_two_points then 'two_points'
        when
            decisions.decided_by = 'within_margin'
            and decisions.way_gone > 0
            and decisions.improvement * (decisions.target_value - decisions.start_value) <= decisions.band
            then 'margin_above_ask'
        else decisions.decided_by
    end as reason_code,
    case
        when rules.reading <> 'unsure' then null
        when
            decisions.most_ahead_by >= decisions.leaning_gap
            and decisions.least_ahead_by <= -decisions.leaning_gap
            then 'none'
        when decisions.comparable_ahead_by > 0 and decisions.comparable_ahead_by >= decisions.leaning_gap
            then 'good'
        when decisions.comparable_ahead_by < 0 and decisions.comparable_ahead_by <= -decisions.leaning_gap
            then 'bad'
        else 'none'
    end as lean,
    -- NULL if the series has no start of its own, since the State's start gives no pace.
    if(
        decisions.no_target_code is null and decisions.series_start_value is not null, decisions.pace, null
    ) as pace_observed,
    map_from_entries([
        ('left_out', decisions.left_out_because),
        ('left_out_year', decisions.last_year_left_out::varchar),
        ('known_pct', round(decisions.known_pct)::integer::varchar),
        ('whole', coalesce(decisions.whole_fr, 'l''ensemble')),
        ('break', rtrim(decisions.break_reason, '.')),
        ('break_year', decisions.stopped_by_break_year::varchar),
        ('first_year', decisions.first_usable_year::varchar),
        ('start_year', decisions.start_year::varchar),
        ('latest_year', decisions.latest_year::varchar),
        ('start_value', {{ number_fr('decisions.start_value') }}),
        ('latest_value', {{ number_fr('decisions.latest_value') }}),
        ('target_value', {{ number_fr('decisions.target_value') }}),
        ('gap_pct', {{ number_fr('decisions.gap_pct') }}),
        ('least_gap_pct', {{ number_fr('decisions.least_gap_pct') }}),
        ('caveat', decisions.caveat_fr)
    ]) as sentence_values
from decisions
inner join {{ ref('reading_rules') }} as rules on decisions.decided_by = rules.code
