-- In the latest year of a line its trajectory has the values, the path and the way of its verdict.
select
    verdicts.lever_id,
    verdicts.indicator_id,
    verdicts.basis,
    verdicts.territory_level,
    verdicts.territory_code
from {{ ref('fct_lever_verdict') }} as verdicts
left join {{ ref('fct_lever_trajectory') }} as trajectories
    on
        verdicts.lever_id = trajectories.lever_id
        and verdicts.indicator_id = trajectories.indicator_id
        and verdicts.basis = trajectories.basis
        and {{ same_territory('verdicts', 'trajectories') }}
        and verdicts.framework_version = trajectories.framework_version
        and verdicts.latest_year = trajectories.year
where
    verdicts.latest_year >= coalesce(verdicts.start_year, {{ threshold('path_start_year') }})
    and (
        verdicts.latest_published_value is distinct from trajectories.observed_value
        or verdicts.latest_value is distinct from trajectories.compared_value
        or coalesce(
            abs(verdicts.path_value - trajectories.path_value) > 1e-9 * abs(verdicts.path_value), false
        )
        or coalesce(abs(verdicts.way_done - trajectories.way_done) > 1e-9, false)
        or (verdicts.path_value is null) <> (trajectories.path_value is null)
        or (verdicts.way_done is null) <> (trajectories.way_done is null)
    )
