-- Compares the series of each line with its path, for each start and end that it could have.
-- The reading follows the main variant (`is_main`); the others tell whether it holds.
with observations as (
    select
        observed.lever_id,
        observed.indicator_id,
        observed.basis,
        observed.territory_level,
        observed.territory_code,
        observed.year,
        observed.read_at,
        kinds.kind,
        if(kinds.kind = 'raw', observed.usable_value, observed.mean_value) as value
    from {{ ref('int_verdict_observations') }} as observed
    cross join (values ('raw'), ('mean')) as kinds (kind)
),

-- Each column once, beside the model that makes it. Start and end of a pair are of one kind. A series without
-- a start of its own has only its last years, a line without a value no pair. A path from the State's start
-- begins there, any other with the pair.
paired as (
    select
        listed.lever_id,
        listed.indicator_id,
        listed.basis,
        listed.territory_level,
        listed.territory_code,
        listed.framework_version,
        listed.improvement,
        listed.start_year,
        listed.start_value,
        listed.start_origin,
        listed.target_year,
        listed.target_value,
        listed.target_level,
        listed.target_change,
        listed.target_ratio,
        listed.certain_share,
        listed.margin,
        listed.excess,
        listed.ktco2e_per_unit,
        listed.no_target_code,
        listed.national_part,
        listed.national_change,
        series.start_value as series_start_value,
        series.earlier_start_year,
        series.latest_year,
        series.previous_year,
        series.latest_value,
        series.latest_published_value,
        series.first_usable_year,
        series.year_count,
        series.years_since_start,
        series.last_year_left_out,
        series.left_out_because,
        series.stopped_by_break_year,
        series.band,
        weighed.covered_share_pct,
        weighed.is_covering,
        weighed.known_pct,
        weighed.is_broken,
        weighed.break_reason,
        weighed.break_effect,
        weighed.climate_correction,
        weighed.lacks_climate,
        weighed.source_is_verified,
        weighed.entered_licence,
        weighed.is_part,
        rules.path_rule,
        rules.group_id,
        rules.judges,
        rules.covers,
        rules.smoothing_years,
        rules.unknown_min,
        rules.unknown_max,
        rules.whole_fr,
        rules.lowest_confidence,
        rules.caveat_fr,
        last_ones.kind,
        last_ones.year as end_year,
        last_ones.read_at as end_at,
        last_ones.value as end_value,
        last_ones.kind = if(rules.smoothing_years = 1, 'raw', 'mean') as is_own_kind,
        last_ones.kind is null
        or (
            is_own_kind
            and last_ones.year = series.latest_year
            and coalesce(first_ones.year = series.start_year, series.start_year is null)
        ) as is_main,
        coalesce(first_ones.year, listed.start_year) as from_year,
        coalesce(first_ones.read_at, listed.start_year) as from_at,
        coalesce(first_ones.value, listed.start_value) as from_value,
        if(listed.start_origin = 'state', listed.start_year, from_at) as path_start_at,
        if(listed.start_origin = 'state', listed.start_value, from_value) as path_start,
        if(
            listed.no_target_code is null,
            {{ target_from(
                'path_start', 'listed.target_level', 'listed.target_change', 'listed.target_ratio'
            ) }},
            null
        ) as aim
    from {{ ref('int_verdict_lines_listed') }} as listed
    inner join {{ ref('int_verdict_series_selected') }} as series
        on {{ same_series('listed', 'series') }}
    inner join {{ ref('int_verdict_series_weighed') }} as weighed
        on {{ same_series('listed', 'weighed') }}
    inner join {{ ref('verdict_rules') }} as rules on {{ same_rule('listed', 'rules') }}
    left join observations as last_ones
        on
            {{ same_series('series', 'last_ones') }}
            and last_ones.year in (series.latest_year, series.previous_year)
            and last_ones.value is not null
    left join observations as first_ones
        on
            {{ same_series('last_ones', 'first_ones') }}
            and last_ones.kind = first_ones.kind
            and first_ones.year in (series.start_year, series.earlier_start_year)
            and first_ones.value is not null
    where first_ones.year is not null or series.start_year is null
),

variants as (
    select
        *,
        if(
            end_at is null,
            null,
            {{ straight_path('improvement', 'path_start', 'aim', 'path_start_at', 'target_year', 'end_at') }}
        ) as path_value,
        end_value - path_value as gap,
        improvement * gap as ahead_by,
        if(end_year > from_year, improvement * (from_value - end_value), null) as moves_away_by
    from paired
)

-- The range of the variants of a line.
select
    *,
    max(if(no_target_code is null, latest_year, null)) over () - latest_year as age,
    (end_value - from_value) / nullif(end_at - from_at, 0) as pace,
    min(if(moves_away_by is null, null, ahead_by)) over each_line as least_ahead_by,
    max(if(moves_away_by is null, null, ahead_by)) over each_line as most_ahead_by,
    min(moves_away_by) over each_line as least_away_by,
    max(moves_away_by) over each_line as most_away_by,
    count(if(is_own_kind, moves_away_by, null)) over each_line - 1 as own_kind_variant_count,
    min(if(is_own_kind and moves_away_by is not null, ahead_by, null)) over each_line
        as least_ahead_by_own_kind,
    max(if(is_own_kind and moves_away_by is not null, ahead_by, null)) over each_line
        as most_ahead_by_own_kind
from variants
window each_line as (
    partition by lever_id, indicator_id, basis, territory_level, territory_code, framework_version
)
