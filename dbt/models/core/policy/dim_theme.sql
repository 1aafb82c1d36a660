select
    theme_id,
    theme_order,
    theme_name_fr,
    theme_short_fr,
    source
from {{ ref('themes') }}
