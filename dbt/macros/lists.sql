{#- Written by `make generate`; do not edit. -#}

{#- Staging models of which the seed `series` names the indicators. -#}
{% macro series_models() %}
{{ return([
    'stg_odre__biomethane_production',
]) }}
{% endmacro %}


{#- Datasets of which figures ship with the project. -#}
{% macro bundled_datasets() %}
{{ return([
    'ademe_aldo_epci',
    'ademe_dpe_departement',
    'ademe_sinoe_dma',
    'ademe_sinoe_oma',
    'ademe_sinoe_tonnage',
    'agreste_census',
    'agreste_energy',
    'barometre_resultats_departement',
    'bnlc',
    'cdc_social_housing_departement',
    'cerema_vacancy_2021',
    'ditp_indicators_departement',
    'ecolab_irpe',
    'enedis_generation_departement',
    'eu_ets_installations',
    'insee_building_age_epci',
    'insee_iris',
    'insee_local',
    'irve_departement',
    'irve_static',
    'lovac_commune',
    'odre_biomethane_sites',
    'odre_regional_consumption',
    'odre_regional_generation',
    'odre_regional_renewables',
    'odre_regional_temperature',
    'odre_registry_commune',
    'ore_consumption_departement_sector',
    'ore_consumption_region_naf',
    'ore_electricity_departement',
    'rpls_commune',
    'rte_eco2mix_occitanie',
    'sdes_heat_communes',
    'sdes_heat_iris',
    'sdes_heat_networks',
    'sdes_petroleum_departement',
    'sdes_residential_energy',
]) }}
{% endmacro %}
