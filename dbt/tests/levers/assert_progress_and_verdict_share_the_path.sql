-- Progress and the official reading of a level that the State asks have one target.
-- If both start at the State's value, or in one year of a series that is not smoothed, they have one start.
-- If their latest year is the same too, they have one path.
-- A target that is a change or a ratio starts elsewhere in the verdict (`path_rule`), so it is not compared.
with pairs as (
    select
        verdicts.lever_id,
        verdicts.indicator_id,
        verdicts.territory_code,
        verdicts.target_value,
        progress.target_value as progress_target,
        verdicts.start_value,
        progress.baseline_value as progress_start,
        verdicts.path_value,
        progress.path_value as progress_path,
        verdicts.start_origin = 'state'
        or (verdicts.smoothing_years = 1 and verdicts.start_year = progress.baseline_year) as have_one_start,
        have_one_start and verdicts.latest_year = progress.latest_year as have_one_path
    from {{ ref('fct_lever_verdict') }} as verdicts
    inner join {{ ref('fct_lever_progress') }} as progress
        on
            verdicts.lever_id = progress.lever_id
            and verdicts.indicator_id = progress.indicator_id
            and {{ same_territory('verdicts', 'progress') }}
            and verdicts.framework_version = progress.framework_version
    where
        verdicts.basis = 'official'
        and verdicts.path_rule = 'state_level'
        and progress.target_value is not null
)

select * from pairs
where
    abs(target_value - progress_target) > 1e-9 * abs(target_value)
    or (have_one_start and abs(start_value - progress_start) > 1e-9 * abs(start_value))
    or (have_one_path and abs(path_value - progress_path) > 1e-9 * abs(path_value))
