select
    commune_code,
    territory_level,
    territory_code,
    {{ var('cog_year') }} as cog_year
from {{ ref('int_commune_memberships') }}
