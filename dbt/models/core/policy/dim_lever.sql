select
    levers.lever_id,
    levers.lever_name_fr,
    levers.lever_set,
    levers.list_number,
    levers.sector_fr,
    levers.is_quantified,
    units.unit as target_unit,
    units.is_intensive,
    units.note_fr as target_note_fr,
    counted.counted_fr,
    counted.place_fr as counted_at_fr,
    counted.first_year as counted_since,
    levers.source,
    levers.confidence,
    unit_labels.label_fr as target_unit_label_fr,
    {{ label_fr('lever_set', 'levers.lever_set') }} as lever_set_label_fr,
    {{ label_fr('measure', "'physical_' || units.semantics") }} as target_semantics_label_fr,
    {{ label_fr('link_confidence', 'levers.confidence') }} as confidence_label_fr,
    levers.short_name_fr
from {{ ref('levers') }} as levers
left join {{ ref('lever_target_units') }} as units on levers.lever_id = units.lever_id
left join {{ ref('unit_labels') }} as unit_labels on units.unit = unit_labels.unit
left join {{ ref('lever_counted') }} as counted on levers.lever_id = counted.lever_id
