select
    members.overlap_group,
    members.lever_id,
    members.text_fr as reason,
    members.source,
    members.confidence,
    {{ label_fr('overlap_group', 'members.overlap_group') }} as overlap_group_label_fr
from {{ ref('lever_overlaps') }} as members
