select
    pairs.epci_code as code_epci,
    epci.name as epci,
    pairs.similarity_rank as rang,
    pairs.similar_epci_code as code_epci_semblable,
    similar_epci.name as epci_semblable,
    similar_epci.legal_type_label_fr as type_juridique,
    similar_epci.population,
    similar_epci.density_per_km2 as densite_hab_km2,
    pairs.has_same_type as meme_type,
    pairs.distance
from {{ ref('bridge_similar_epci') }} as pairs
inner join {{ ref('dim_territory') }} as epci
    on
        pairs.epci_code = epci.territory_code
        and epci.territory_level = 'epci'
        and epci.is_in_scope
inner join {{ ref('dim_territory') }} as similar_epci
    on
        pairs.similar_epci_code = similar_epci.territory_code
        and similar_epci.territory_level = 'epci'
