-- Either of the two, never both.
select
    word_fr,
    lever_id,
    page
from {{ ref('lever_words') }}
where (lever_id is null) = (page is null)
