select
    indicator_id as indicateur_id,
    short_name_fr as indicateur_court
from {{ ref('dim_indicator') }}
where short_name_fr is not null
