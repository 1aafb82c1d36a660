select
    words.lever_id as levier_id,
    levers.lever_name_fr as levier,
    words.page,
    words.word as mot
from {{ ref('bridge_lever_word') }} as words
left join {{ ref('dim_lever') }} as levers on words.lever_id = levers.lever_id
