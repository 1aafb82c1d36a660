select
    niveau,
    niveau_libelle,
    code_territoire,
    territoire,
    split_part(region_id, ':', 2) as code_region,
    region,
    split_part(departement_id, ':', 2) as code_departement,
    departement,
    split_part(epci_id, ':', 2) as code_epci,
    type_juridique,
    population,
    annee_population,
    superficie_km2,
    densite_hab_km2,
    case when deborde_de_la_region then 'déborde de la région' else 'dans la région' end as perimetre
from {{ ref('dim_territoire') }}
