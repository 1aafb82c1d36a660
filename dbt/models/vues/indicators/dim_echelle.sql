select
    unit_label_fr as unite,
    at_least as a_partir_de,
    display_unit_fr as unite_affichee,
    display_factor as facteur,
    display_decimals as decimales
from {{ ref('dim_unit_scale') }}
