{{ config(tags=['star']) }}

with pairs as (
    select
        territory_level,
        territory_code,
        adjacent_code as other_code,
        'limitrophe' as tie
    from {{ ref('bridge_adjacent_territory') }}
    union all by name
    select
        territory_level,
        territory_code,
        similar_code as other_code,
        'semblable' as tie,
        similarity_rank,
        has_same_type,
        distance,
        candidate_count
    from {{ ref('bridge_similar_territory') }}
    where is_nearest
)

select
    {{ territory_columns('pairs') }},
    pairs.tie as lien,
    pairs.similarity_rank as rang,
    {{ territory_id('pairs.territory_level', 'pairs.other_code') }} as voisin_id,
    pairs.other_code as code_voisin,
    neighbours.name as voisin,
    neighbours.legal_type_label_fr as type_juridique,
    neighbours.population,
    neighbours.density_per_km2 as densite_hab_km2,
    pairs.has_same_type as a_le_meme_type,
    pairs.distance,
    pairs.candidate_count as candidats
from pairs
{{ join_territory('pairs', in_scope=true) }}
inner join {{ ref('dim_territory') }} as neighbours
    on
        pairs.territory_level = neighbours.territory_level
        and pairs.other_code = neighbours.territory_code
