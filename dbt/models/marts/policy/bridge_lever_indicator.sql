select
    links.lever_id,
    links.indicator_id,
    links.role,
    links.priority,
    links.comparability,
    links.formula,
    formulas.factor,
    links.reason_fr,
    links.link_confidence,
    links.source
from {{ ref('lever_indicators') }} as links
left join {{ ref('indicator_target_formulas') }} as formulas on links.formula = formulas.formula
