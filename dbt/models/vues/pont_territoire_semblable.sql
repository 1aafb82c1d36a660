select
    {{ territory_id('pairs.territory_level', 'pairs.territory_code') }} as territoire_id,
    pairs.territory_level as niveau,
    pairs.territory_code as code_territoire,
    territories.name as territoire,
    pairs.similarity_rank as rang,
    {{ territory_id('pairs.territory_level', 'pairs.similar_code') }} as semblable_id,
    pairs.similar_code as code_semblable,
    neighbours.name as semblable,
    neighbours.legal_type_label_fr as type_juridique,
    neighbours.population,
    neighbours.density_per_km2 as densite_hab_km2,
    pairs.has_same_type as a_le_meme_type,
    pairs.distance,
    pairs.candidate_count as candidats
from {{ ref('bridge_similar_territory') }} as pairs
inner join {{ ref('dim_territory') }} as territories
    on
        pairs.territory_level = territories.territory_level
        and pairs.territory_code = territories.territory_code
inner join {{ ref('dim_territory') }} as neighbours
    on
        pairs.territory_level = neighbours.territory_level
        and pairs.similar_code = neighbours.territory_code
where pairs.is_nearest
