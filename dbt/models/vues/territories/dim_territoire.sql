{{ config(tags=['star']) }}

select
    {{ territory_id('territories.territory_level', 'territories.territory_code') }} as territoire_id,
    territories.territory_level as niveau,
    territories.level_label_fr as niveau_libelle,
    territories.territory_code as code_territoire,
    territories.name as territoire,
    territories.iso_code as code_iso,
    {{ territory_id("'region'", 'territories.region_code') }} as region_id,
    regions.name as region,
    {{ territory_id("'departement'", 'territories.departement_code') }} as departement_id,
    departements.name as departement,
    {{ territory_id("'epci'", 'territories.epci_code') }} as epci_id,
    epci.name as epci,
    territories.legal_type_label_fr as type_juridique,
    territories.population as population_recente,
    territories.population_year as annee_population,
    territories.area_km2 as superficie_km2,
    territories.density_per_km2 as densite_hab_km2,
    territories.crosses_regions as deborde_de_la_region,
    territories.postal_codes as codes_postaux
from {{ ref('dim_territory') }} as territories
left join {{ ref('dim_territory') }} as regions
    on
        territories.region_code = regions.territory_code
        and regions.territory_level = 'region'
left join {{ ref('dim_territory') }} as departements
    on
        territories.departement_code = departements.territory_code
        and departements.territory_level = 'departement'
left join {{ ref('dim_territory') }} as epci
    on
        territories.epci_code = epci.territory_code
        and epci.territory_level = 'epci'
where territories.is_in_scope
