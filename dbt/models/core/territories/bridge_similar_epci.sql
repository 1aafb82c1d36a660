select
    territory_code as epci_code,
    similarity_rank,
    similar_code as similar_epci_code,
    coalesce(has_same_type, false) as has_same_type,
    distance
from {{ ref('bridge_similar_territory') }}
where territory_level = 'epci' and is_nearest
