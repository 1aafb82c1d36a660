select
    changes.lever_id,
    weights.place_code,
    changes.region_code,
    changes.framework_version,
    changes.horizon_year,
    changes.measure,
    changes.unit,
    {{ allocated_part('changes.value', 'weights.weight', 'selected.total_weight') }} as value,
    selected.key_id,
    selected.key_level,
    weights.weight,
    selected.total_weight,
    weights.is_estimated,
    weights.is_cut
from {{ ref('int_lever_changes_derived') }} as changes
inner join {{ ref('int_allocation_key_selected') }} as selected
    on
        changes.lever_id = selected.lever_id
        and changes.region_code = selected.region_code
inner join {{ ref('int_allocation_key_weights') }} as weights
    on
        selected.key_id = weights.key_id
        and selected.region_code = weights.region_code
where not changes.is_intensive
