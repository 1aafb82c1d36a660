-- The datasets of which figures ship with the project: the folders of ingestion/bundled.
{% set bundled = [
    'ademe_aldo_epci',
    'ademe_dpe_departement',
    'ademe_sinoe_dma',
    'agreste_census',
    'agreste_energy',
    'barometre_resultats_departement',
    'bnlc',
    'cdc_social_housing_departement',
    'cerema_vacancy_2021',
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
    'odre_registry_commune',
    'ore_consumption_region_naf',
    'ore_electricity_departement',
    'rpls_commune',
    'rte_eco2mix_occitanie',
    'sdes_heat_iris',
    'sdes_heat_networks',
    'sdes_petroleum_departement',
    'sdes_residential_energy',
] %}

{% for dataset_id in bundled %}
    select
        indicator_id,
        territory_level,
        territory_code,
        cast(year as integer) as year,
        reference_date,
        value,
        unit as source_unit,
        value_status,
        is_provisional,
        false as is_part_of_year,
        cast(null as varchar[]) as members,
        snapshot_id
    from {{ source('raw_leviers', 'bundled_' ~ dataset_id) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
