select
    pairs.epci_code as code_epci,
    epci.name as epci,
    pairs.adjacent_epci_code as code_epci_limitrophe,
    adjacent_epci.name as epci_limitrophe,
    adjacent_epci.legal_type_label_fr as type_juridique,
    adjacent_epci.population,
    adjacent_epci.density_per_km2 as densite_hab_km2
from {{ ref('bridge_adjacent_epci') }} as pairs
inner join {{ ref('dim_territory') }} as epci
    on
        pairs.epci_code = epci.territory_code
        and epci.territory_level = 'epci'
        and epci.is_in_scope
inner join {{ ref('dim_territory') }} as adjacent_epci
    on
        pairs.adjacent_epci_code = adjacent_epci.territory_code
        and adjacent_epci.territory_level = 'epci'
