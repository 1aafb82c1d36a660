{#- What is known of a series below this share is told apart; from the higher one on it counts as whole. -#}
{% set half_pct = 50 %}
{% set whole_pct = 95 %}
with variants as (
    {{ verdict_variants() }}
),

-- How far they go from the line itself.
tried as (
    select
        lever_id,
        indicator_id,
        basis,
        territory_level,
        territory_code,
        framework_version,
        any_value(ahead_by) filter (where is_main) as ahead_by,
        any_value(path_value) filter (where is_main) as path_value,
        count(*) filter (where is_own_kind) - 1 as variant_count,
        min(ahead_by) filter (where is_own_kind) as least_ahead_by,
        max(ahead_by) filter (where is_own_kind) as most_ahead_by,
        min(moves_away_by) as least_away_by,
        max(moves_away_by) as most_away_by
    from variants
    where moves_away_by is not null and ahead_by is not null
    group by lever_id, indicator_id, basis, territory_level, territory_code, framework_version
    having bool_or(is_main)
),

lines as (
    select
        trajectories.lever_id,
        trajectories.indicator_id,
        trajectories.basis,
        trajectories.territory_level,
        trajectories.territory_code,
        trajectories.framework_version,
        trajectories.start_origin,
        trajectories.start_year,
        trajectories.start_value,
        trajectories.target_year,
        trajectories.margin,
        trajectories.certain_share,
        tried.path_value,
        tried.variant_count,
        tried.most_away_by,
        tried.least_away_by,
        series.start_value as series_start_value,
        series.latest_year,
        series.latest_value,
        series.band,
        series.stopped_by_break_year,
        weighed.is_covering,
        weighed.known_pct,
        weighed.lacks_climate,
        weighed.is_broken,
        weighed.break_effect,
        weighed.source_is_verified,
        weighed.entered_licence,
        rules.caveat_fr,
        rules.lowest_confidence,
        tried.most_ahead_by >= 0 and tried.least_ahead_by < 0 as side_turns,
        greatest(tried.most_ahead_by - tried.ahead_by, tried.ahead_by - tried.least_ahead_by) as varies_by,
        max(series.latest_year) over () - series.latest_year as age
    from {{ ref('int_verdict_trajectories') }} as trajectories
    inner join tried
        using (lever_id, indicator_id, basis, territory_level, territory_code, framework_version)
    inner join {{ ref('int_verdict_series_selected') }} as series
        using (lever_id, indicator_id, basis, territory_level, territory_code)
    inner join {{ ref('int_verdict_series_weighed') }} as weighed
        using (lever_id, indicator_id, basis, territory_level, territory_code)
    inner join {{ ref('verdict_rules') }} as rules using (lever_id, indicator_id, basis)
),

doubts as (
    select
        lever_id,
        indicator_id,
        basis,
        territory_level,
        territory_code,
        framework_version,
        unnest([
            {
                'code': if(basis in ('derived', 'national', 'indicative', 'joint'), 'basis_' || basis, null),
                'moves_by': cast(null as double)
            },
            {
                'code': case
                    when is_covering and known_pct < {{ half_pct }} then 'covers_less_than_half'
                    when is_covering and (basis = 'partial' or known_pct < {{ whole_pct }}) then 'covers_a_part'
                    when known_pct < {{ half_pct }} then 'less_than_half_known'
                    when known_pct < {{ whole_pct }} then 'parts_not_known'
                end,
                'moves_by': if(is_covering, null, abs(latest_value) * (100 - known_pct) / nullif(known_pct, 0))
            },
            {'code': if(age = 3, 'ageing', null), 'moves_by': null},
            {'code': if(stopped_by_break_year is not null, 'read_until_break', null), 'moves_by': null},
            {'code': if(start_origin = 'series' and start_year = 2018, 'starts_in_2018', null), 'moves_by': null},
            {
                'code': if(
                    start_origin = 'state' and abs(series_start_value - start_value) > margin, 'start_differs', null
                ),
                'moves_by': abs(series_start_value - start_value)
                * greatest(target_year - latest_year, 0) / (target_year - start_year)
            },
            {'code': if(not source_is_verified, 'source_not_verified', null), 'moves_by': null},
            {
                'code': if(most_away_by > margin and least_away_by <= margin, 'direction_turns', null),
                'moves_by': most_away_by - least_away_by
            },
            {'code': if(side_turns, 'side_turns', null), 'moves_by': varies_by},
            {'code': if(variant_count = 0, 'no_other_year', null), 'moves_by': null},
            {'code': if(band is null, 'margin_not_known', null), 'moves_by': margin},
            {'code': if(lacks_climate, 'climate_not_corrected', null), 'moves_by': null},
            {
                'code': if(is_broken and start_origin = 'series' and break_effect > 0, 'break_in_margin', null),
                'moves_by': break_effect
            },
            {'code': if(entered_licence is not null, 'entered', null), 'moves_by': null},
            {
                'code': case
                    when caveat_fr is null then null
                    when lowest_confidence = 'D' then 'caveat_grave'
                    when lowest_confidence = 'C' then 'caveat_counts'
                    else 'caveat'
                end,
                'moves_by': null
            },
            {
                'code': if(certain_share < 1, 'ask_in_part', null),
                'moves_by': (1 - certain_share) * abs(path_value - start_value)
            }
        ], recursive := true)
    from lines
)

select *
from doubts
where code is not null
