select
    territory_level,
    territory_code,
    region_code,
    is_in_scope or territory_level = 'pays' as is_counted
from {{ ref('int_territories_unioned') }}
