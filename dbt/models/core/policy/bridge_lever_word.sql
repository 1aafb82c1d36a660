select
    word_fr as word,
    lever_id,
    page
from {{ ref('lever_words') }}
