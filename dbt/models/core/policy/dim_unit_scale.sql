select
    scales.unit,
    scales.at_least,
    scales.display_unit_fr,
    scales.display_factor,
    scales.display_decimals,
    unit_labels.label_fr as unit_label_fr
from {{ ref('unit_scales') }} as scales
left join {{ ref('unit_labels') }} as unit_labels on scales.unit = unit_labels.unit
