-- Either of the two, never both.
select
    word,
    lever_id,
    page
from {{ ref('bridge_lever_word') }}
where (lever_id is null) = (page is null)
