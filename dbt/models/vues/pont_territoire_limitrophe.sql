select
    {{ territory_id('pairs.territory_level', 'pairs.territory_code') }} as territoire_id,
    pairs.territory_level as niveau,
    pairs.territory_code as code_territoire,
    territories.name as territoire,
    {{ territory_id('pairs.territory_level', 'pairs.adjacent_code') }} as limitrophe_id,
    pairs.adjacent_code as code_limitrophe,
    others.name as limitrophe,
    others.legal_type_label_fr as type_juridique,
    others.population,
    others.density_per_km2 as densite_hab_km2
from {{ ref('bridge_adjacent_territory') }} as pairs
inner join {{ ref('dim_territory') }} as territories
    on
        pairs.territory_level = territories.territory_level
        and pairs.territory_code = territories.territory_code
        and territories.is_in_scope
inner join {{ ref('dim_territory') }} as others
    on
        pairs.territory_level = others.territory_level
        and pairs.adjacent_code = others.territory_code
