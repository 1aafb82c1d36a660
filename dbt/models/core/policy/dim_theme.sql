select
    theme_id,
    theme_name_fr,
    source
from {{ ref('themes') }}
