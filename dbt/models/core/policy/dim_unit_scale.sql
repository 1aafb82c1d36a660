select
    unit,
    at_least,
    display_unit_fr,
    display_factor,
    display_decimals
from {{ ref('unit_scales') }}
