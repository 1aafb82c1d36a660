select
    figures.region_code,
    figures.framework,
    figures.metric,
    figures.basis,
    figures.horizon_year,
    figures.kind,
    figures.value,
    figures.unit,
    figures.lever_id,
    figures.indicator_id,
    figures.source,
    figures.confidence,
    unit_labels.label_fr as unit_label_fr,
    {{ label_fr('regional_metric', 'figures.metric') }} as metric_label_fr,
    {{ label_fr('regional_basis', 'figures.basis') }} as basis_label_fr,
    {{ label_fr('regional_kind', 'figures.kind') }} as kind_label_fr,
    {{ label_fr('link_confidence', 'figures.confidence') }} as confidence_label_fr
from {{ ref('regional_framework_targets') }} as figures
left join {{ ref('unit_labels') }} as unit_labels on figures.unit = unit_labels.unit
