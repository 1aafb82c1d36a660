select
    rules.lever_id,
    rules.indicator_id,
    rules.basis,
    rules.path_rule,
    targets.target_id,
    targets.label_fr as target_label_fr,
    targets.unit,
    unit_labels.label_fr as unit_label_fr,
    targets.start_year,
    targets.start_value,
    targets.target_year,
    targets.target_value,
    targets.strategy_fr,
    targets.source,
    {{ label_fr('basis', 'rules.basis') }} as basis_label_fr
from {{ ref('verdict_rules') }} as rules
inner join {{ ref('national_indicator_targets') }} as targets on rules.national_target_id = targets.target_id
inner join {{ ref('unit_labels') }} as unit_labels on targets.unit = unit_labels.unit
