with verdict_lines as (
    select
        verdicts.lever_id,
        verdicts.indicator_id,
        verdicts.basis,
        verdicts.territory_level,
        verdicts.territory_code,
        verdicts.framework_version,
        verdicts.is_shown,
        verdicts.improvement,
        verdicts.start_value,
        verdicts.latest_year,
        verdicts.latest_value,
        verdicts.target_value,
        verdicts.uncertainty,
        verdicts.pace_observed,
        if(verdicts.way_due is null, null, verdicts.target_value - verdicts.start_value) as way,
        verdicts.reading,
        verdicts.decided_by,
        count(paths.compared_value) filter (where paths.year > verdicts.start_year) as years_after_start,
        coalesce(bool_or(paths.is_usable and paths.year > verdicts.latest_year), false) as has_newer,
        -- Start and end may each be off by the uncertainty, so the change between them by twice as much.
        2 * verdicts.uncertainty / nullif(verdicts.latest_year - verdicts.start_year, 0) as pace_uncertainty,
        if(verdicts.start_value >= 0 and verdicts.latest_value >= 0, 0, null) as floor_value
    from {{ ref('fct_lever_verdict') }} as verdicts
    inner join {{ ref('int_trajectory_paths_drawn') }} as paths on {{ same_line('verdicts', 'paths') }}
    group by all
),

-- The first year in which the best, and the worst, edge of the band reaches the target.
arrivals as (
    select
        *,
        case
            when reading = 'not_judged' or pace_observed is null then 'not_judged'
            when decided_by in ('variants_differ', 'too_old') then decided_by
            when years_after_start < {{ threshold('extension_least_years') }} then 'few_years'
            when has_newer then 'newer_observed'
            when abs(latest_value - start_value) <= {{ sure_gap('uncertainty') }} then 'stands_still'
            when abs(latest_value) > {{ threshold('extension_most_growth') }} * abs(start_value)
                then 'multiplies'
        end as no_extension_code,
        improvement * pace_observed as pace_wanted,
        improvement * (target_value - latest_value) as way_left,
        if(way_left > 0 and pace_wanted > 0, ceil(latest_year + way_left / pace_wanted), null) as met_year,
        if(
            pace_wanted + pace_uncertainty > 0,
            latest_year + ceil(greatest((way_left - uncertainty) / (pace_wanted + pace_uncertainty), 0)),
            null
        ) as earliest_year,
        if(
            pace_wanted - pace_uncertainty > 0,
            latest_year + ceil(greatest((way_left + uncertainty) / (pace_wanted - pace_uncertainty), 0)),
            null
        ) as latest_met_year
    from verdict_lines
),

placed as (
    select
        paths.*,
        arrivals.* exclude (
            lever_id, indicator_id, basis, territory_level, territory_code, framework_version, -- noqa: RF02
            target_value -- noqa: RF02
        ),
        arrivals.no_extension_code is null as is_extended,
        is_extended and paths.year >= arrivals.latest_year as is_drawn,
        arrivals.latest_value
        + arrivals.pace_observed * (paths.year - arrivals.latest_year) as straight_value,
        arrivals.uncertainty + arrivals.pace_uncertainty * (paths.year - arrivals.latest_year) as half_band
    from {{ ref('int_trajectory_paths_drawn') }} as paths
    inner join arrivals on {{ same_line('paths', 'arrivals') }}
)

select
    placed.lever_id,
    placed.indicator_id,
    placed.basis,
    placed.territory_level,
    placed.territory_code,
    placed.framework_version,
    placed.year,
    placed.is_shown,
    indicators.unit,
    placed.published_value as observed_value,
    placed.compared_value,
    placed.path_value,
    placed.target_value,
    placed.uncertainty,
    {{ way_shares(
        'placed.start_value', 'placed.compared_value', 'placed.path_value', 'placed.uncertainty', 'placed.way'
    ) }},
    placed.is_extended,
    placed.no_extension_code,
    if(placed.is_drawn, greatest(placed.straight_value, placed.floor_value), null) as extended_value,
    if(placed.is_drawn, greatest(placed.straight_value - placed.half_band, placed.floor_value), null)
        as extended_low,
    if(placed.is_drawn, greatest(placed.straight_value + placed.half_band, placed.floor_value), null)
        as extended_high,
    if(placed.is_drawn, greatest(placed.improvement * (placed.target_value - extended_value), 0), null)
        as shortfall,
    if(
        placed.is_extended and placed.met_year <= {{ threshold('extension_last_year') }},
        cast(placed.met_year as integer),
        null
    ) as arrival_year,
    if(
        placed.is_extended and placed.earliest_year <= {{ threshold('extension_last_year') }},
        cast(placed.earliest_year as integer),
        null
    ) as arrival_year_earliest,
    if(
        placed.is_extended and placed.latest_met_year <= {{ threshold('extension_last_year') }},
        cast(placed.latest_met_year as integer),
        null
    ) as arrival_year_latest,
    {{ label_fr('no_extension', 'placed.no_extension_code') }} as no_extension_fr
from placed
inner join {{ ref('indicators') }} as indicators on placed.indicator_id = indicators.indicator_id
