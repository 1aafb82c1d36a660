-- Picks the start and the end of each series, and the years beside them that test the verdict.
-- The noise of the series makes the band under which a movement counts as none.
with observations as (
    select
        observations.*,
        coalesce(precisions.rounding_step, 0) as rounding_step,
        precisions.break_before_start_year,
        precisions.break_after_start_year,
        observations.value is not null
        and observations.year in ({{ threshold('earlier_start_year') }}, {{ threshold('path_start_year') }})
            as is_start
    from {{ ref('int_verdict_observations') }} as observations
    left join {{ ref('int_indicator_precisions') }} as precisions
        on observations.indicator_id = precisions.indicator_id
),

series as (
    select
        lever_id,
        indicator_id,
        basis,
        territory_level,
        territory_code,
        max(year) filter (where is_start) as start_year,
        arg_max(value, year) filter (where is_start) as start_value,
        arg_max(excess, year) filter (where is_start) as start_excess,
        max(year) filter (where value is not null) as latest_year,
        arg_max(excess, year) filter (where value is not null) as latest_excess,
        arg_max(value, year) filter (where value is not null) as latest_value,
        arg_max(raw_value, year) filter (where value is not null) as latest_published_value,
        min(year) filter (where is_usable) as first_usable_year,
        count(usable_value) as year_count,
        count(value) filter (where year > {{ threshold('path_start_year') }}) as years_since_start,
        bool_and(is_climate_corrected) as is_climate_corrected,
        min(completeness_pct) filter (
            where value is not null and year >= {{ threshold('earlier_start_year') }}
        ) as completeness_pct,
        arg_max(dataset_id, year) filter (where value is not null) as dataset_id,
        max(year) filter (where not is_usable) as last_year_left_out,
        arg_max(left_out_because, year) filter (where not is_usable) as left_out_because,
        {{ trend_noise('usable_value', 'year', 'break_before_start_year', 'any_value(smoothing_years)') }}
            as noise,
        any_value(rounding_step) as rounding_step,
        max(break_after_start_year) filter (where year >= break_after_start_year) as stopped_by_break_year,
        if(
            noise is null,
            null,
            nullif(greatest(any_value(rounding_step), {{ threshold('margin_deviations') }} * noise), 0)
        ) as band
    from observations
    group by lever_id, indicator_id, basis, territory_level, territory_code
),

-- The years next to start and end, up to two from the start, since some sources count every other year.
neighbours as (
    select
        series.lever_id,
        series.indicator_id,
        series.basis,
        series.territory_level,
        series.territory_code,
        max(observations.year) filter (where observations.year < series.start_year) as earlier_start_year,
        max(observations.year) filter (
            where observations.year > {{ threshold('exceptional_year') }}
        ) as previous_year
    from series
    inner join observations
        on
            {{ same_series('series', 'observations') }}
            and series.latest_year > observations.year
            and series.start_year - 2 <= observations.year
            and observations.year >= coalesce(observations.break_before_start_year, observations.year)
            and observations.value is not null
    group by series.lever_id, series.indicator_id, series.basis, series.territory_level, series.territory_code
)

select
    series.* exclude (noise), -- noqa: RF02
    neighbours.earlier_start_year,
    neighbours.previous_year
from series
left join neighbours on {{ same_series('series', 'neighbours') }}
