with tried as (
    select
        lever_id,
        indicator_id,
        basis,
        territory_level,
        territory_code,
        framework_version,
        any_value(path_value) filter (where is_main) as path_value,
        any_value(standing) filter (where is_main) as standing,
        any_value((end_value - start_value) / nullif(end_at - start_at, 0))
        filter (where is_main) as pace,
        count(standing) filter (where is_own_kind) - 1 as variant_count,
        bool_and(is_beyond_margin) as always_moves_away,
        bool_or(is_beyond_margin) and not bool_and(is_beyond_margin) as direction_hangs_on_year,
        bool_or(is_own_kind and standing in ('on_track', 'target_reached'))
        and bool_or(is_own_kind and standing in ('behind', 'wrong_direction')) as side_hangs_on_year
    from {{ ref('int_verdict_variants') }}
    group by lever_id, indicator_id, basis, territory_level, territory_code, framework_version
)

select
    trajectories.lever_id,
    trajectories.indicator_id,
    trajectories.basis,
    trajectories.territory_level,
    trajectories.territory_code,
    trajectories.framework_version,
    trajectories.judges,
    trajectories.group_id,
    trajectories.unknown_min,
    trajectories.unknown_max,
    trajectories.whole_indicator_id,
    trajectories.whole_fr,
    trajectories.lowest_confidence,
    trajectories.caveat_fr,
    trajectories.unit,
    trajectories.improvement,
    trajectories.start_year,
    trajectories.start_value,
    trajectories.start_origin,
    trajectories.series_start_value,
    trajectories.latest_year,
    trajectories.latest_value,
    trajectories.latest_published_value,
    trajectories.first_usable_year,
    trajectories.year_count,
    trajectories.years_since_start,
    trajectories.last_year_left_out,
    trajectories.left_out_because,
    trajectories.stopped_by_break_year,
    trajectories.smoothing_years,
    trajectories.is_heating,
    trajectories.is_climate_corrected,
    trajectories.completeness_pct,
    trajectories.dataset_id,
    trajectories.band,
    trajectories.margin,
    trajectories.target_year,
    trajectories.target_value,
    trajectories.no_target_code,
    tried.path_value,
    if(
        trajectories.certain_share < 1 and trajectories.target_change is not null,
        trajectories.start_value
        + trajectories.certain_share * (tried.path_value - trajectories.start_value),
        null
    ) as least_path_value,
    trajectories.ktco2e_per_unit,
    tried.variant_count,
    tried.direction_hangs_on_year,
    tried.side_hangs_on_year,
    if(
        tried.standing = 'wrong_direction' and not tried.always_moves_away, 'behind', tried.standing
    ) as standing,
    -- A start of the State beside a series that has none is no pace.
    if(
        trajectories.no_target_code is null and trajectories.series_start_value is not null,
        tried.pace,
        null
    ) as pace_observed
from {{ ref('int_verdict_trajectories') }} as trajectories
left join tried
    on
        trajectories.lever_id = tried.lever_id
        and trajectories.indicator_id = tried.indicator_id
        and trajectories.basis = tried.basis
        and trajectories.territory_level = tried.territory_level
        and trajectories.territory_code = tried.territory_code
        and trajectories.framework_version = tried.framework_version
