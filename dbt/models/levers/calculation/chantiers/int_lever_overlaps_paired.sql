select distinct
    own_groups.lever_id,
    other_groups.lever_id as other_lever_id
from {{ ref('lever_overlaps') }} as own_groups
inner join {{ ref('lever_overlaps') }} as other_groups
    on
        own_groups.overlap_group = other_groups.overlap_group
        and own_groups.lever_id <> other_groups.lever_id
