with figures as (
    select
        *,
        case nature
            when 'amount' then 'absolute'
            when 'change' then 'change_since_' || start_year
            when 'ratio' then 'ratio_to_' || start_year
        end as basis
    from {{ ref('regional_framework_targets') }}
)

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
    {{ label_fr('link_confidence', 'figures.confidence') }} as confidence_label_fr,
    figures.nature,
    {{ label_fr('figure_nature', 'figures.nature') }} as nature_label_fr,
    figures.start_year
from figures
left join {{ ref('unit_labels') }} as unit_labels on figures.unit = unit_labels.unit
