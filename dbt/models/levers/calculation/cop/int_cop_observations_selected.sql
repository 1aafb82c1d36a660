select
    measured.lever_id,
    measured.territory_level,
    measured.territory_code,
    measured.indicator_id,
    measured.start_year,
    measured.start_value,
    measured.latest_year,
    measured.latest_value,
    measured.left_out_reason
from {{ ref('int_lever_series_measured') }} as measured
inner join {{ ref('bridge_lever_indicator') }} as links
    on
        measured.lever_id = links.lever_id
        and measured.indicator_id = links.indicator_id
        and links.role = 'measure'
left join {{ ref('verdict_rules') }} as rules
    on
        measured.lever_id = rules.lever_id
        and measured.indicator_id = rules.indicator_id
        and rules.basis = 'official'
        and list_contains(string_split(rules.territory_levels, '|'), measured.territory_level)
qualify row_number() over (
    partition by measured.lever_id, measured.territory_level, measured.territory_code
    order by
        measured.latest_value is null asc,
        rules.lever_id is null asc,
        links.priority asc,
        measured.latest_year desc,
        measured.indicator_id asc
) = 1
