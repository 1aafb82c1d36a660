select
    lever_id,
    indicator_id,
    territory_level,
    territory_code,
    framework_version,
    baseline_year,
    baseline_value,
    latest_year,
    latest_value,
    target_year,
    target_value,
    path_value,
    latest_value - path_value as gap,
    case
        when path_value is not null and not is_met_from_start
            -- + 0 makes zero of minus zero
            then 100 * (latest_value - baseline_value) / (target_value - baseline_value) + 0
    end as progress_pct,
    reason
from {{ ref('int_lever_progress_explained') }}
