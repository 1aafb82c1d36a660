select
    levers.lever_id,
    levers.lever_name_fr,
    levers.lever_set,
    levers.sector_fr,
    levers.is_quantified,
    units.unit as target_unit,
    units.semantics as target_semantics,
    units.is_intensive,
    units.note_fr as target_note_fr,
    levers.source,
    levers.confidence
from {{ ref('levers') }} as levers
left join {{ ref('lever_target_units') }} as units on levers.lever_id = units.lever_id
