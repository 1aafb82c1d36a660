select
    domain as domaine,
    code,
    label_fr as libelle
from {{ ref('dim_label') }}
