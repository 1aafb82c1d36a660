select
    {{ territory_columns('pairs') }},
    {{ territory_id('pairs.territory_level', 'pairs.adjacent_code') }} as limitrophe_id,
    pairs.adjacent_code as code_limitrophe,
    neighbours.name as limitrophe,
    neighbours.legal_type_label_fr as type_juridique,
    neighbours.population,
    neighbours.density_per_km2 as densite_hab_km2
from {{ ref('bridge_adjacent_territory') }} as pairs
{{ join_territory('pairs', in_scope=true) }}
inner join {{ ref('dim_territory') }} as neighbours
    on
        pairs.territory_level = neighbours.territory_level
        and pairs.adjacent_code = neighbours.territory_code
