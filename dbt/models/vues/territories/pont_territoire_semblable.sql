{{ config(tags=['star']) }}

select
    {{ territory_columns('pairs') }},
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
{{ join_territory('pairs') }}
inner join {{ ref('dim_territory') }} as neighbours
    on
        pairs.territory_level = neighbours.territory_level
        and pairs.similar_code = neighbours.territory_code
where pairs.is_nearest
