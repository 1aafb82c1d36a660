select
    territories.territory_level as niveau,
    territories.level_label_fr as niveau_libelle,
    territories.territory_code as code_territoire,
    territories.name as territoire,
    territories.region_code as code_region,
    regions.name as region,
    territories.departement_code as code_departement,
    departements.name as departement,
    territories.epci_code as code_epci,
    territories.legal_type_label_fr as type_juridique,
    territories.population,
    territories.population_year as annee_population,
    territories.area_km2 as superficie_km2,
    territories.density_per_km2 as densite_hab_km2,
    case when territories.crosses_regions then 'déborde de la région' else 'dans la région' end as perimetre
from {{ ref('dim_territory') }} as territories
left join {{ ref('dim_territory') }} as regions
    on
        territories.region_code = regions.territory_code
        and regions.territory_level = 'region'
left join {{ ref('dim_territory') }} as departements
    on
        territories.departement_code = departements.territory_code
        and departements.territory_level = 'departement'
where territories.is_in_scope
