select
    progress.lever_id,
    progress.territory_level,
    progress.territory_code,
    progress.framework_version,
    progress.indicator_id,
    progress.baseline_year,
    progress.baseline_value,
    progress.latest_year,
    progress.latest_value,
    progress.reason
from {{ ref('int_lever_progress_explained') }} as progress
left join {{ ref('bridge_lever_indicator') }} as links
    on
        progress.lever_id = links.lever_id
        and progress.indicator_id = links.indicator_id
        and links.role = 'measure'
qualify row_number() over (
    partition by
        progress.lever_id,
        progress.territory_level,
        progress.territory_code,
        progress.framework_version
    order by
        progress.path_value is null asc,
        progress.latest_value is null asc,
        links.priority asc,
        progress.latest_year desc,
        progress.indicator_id asc
) = 1
