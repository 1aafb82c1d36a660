select
    shown.niveau,
    shown.niveau_libelle,
    shown.code_territoire,
    shown.territoire,
    territories.region_code as code_region,
    shown.region,
    territories.departement_code as code_departement,
    shown.departement,
    territories.epci_code as code_epci,
    shown.type_juridique,
    shown.population,
    territories.population_year as annee_population,
    shown.superficie_km2,
    shown.densite_hab_km2,
    case when shown.deborde_de_la_region then 'déborde de la région' else 'dans la région' end as perimetre
from {{ ref('dim_territoire') }} as shown
inner join {{ ref('dim_territory') }} as territories
    on
        shown.niveau = territories.territory_level
        and shown.code_territoire = territories.territory_code
