-- The one list of the staging models that measure something: a new dataset adds a line.
{% set observation_models = [
    'stg_ademe__artificialised_land',
    'stg_ademe__dpe_diagnoses',
    'stg_ademe__forest',
    'stg_ademe__household_waste',
    'stg_ademe__land_cover',
    'stg_agreste__agricultural_area',
    'stg_agreste__agricultural_energy',
    'stg_agreste__farms',
    'stg_cdc__social_housing',
    'stg_cerema__vacancy',
    'stg_dgaln__vacant_dwellings',
    'stg_dgpr__landfill_capacity',
    'stg_ditp__policy_results',
    'stg_ec__ets_emissions',
    'stg_ecolab__regional_indicators',
    'stg_enedis__generation',
    'stg_insee__building_age',
    'stg_insee__dwellings',
    'stg_insee__local_statistics',
    'stg_leviers__bundled_figures',
    'stg_leviers__kit_observed',
    'stg_odre__biomethane_production',
    'stg_odre__biomethane_sites',
    'stg_odre__installed_capacity',
    'stg_odre__regional_consumption',
    'stg_odre__regional_generation',
    'stg_ore__commune_consumption',
    'stg_ore__departement_electricity',
    'stg_ore__regional_consumption',
    'stg_rte__power_balance',
    'stg_sdes__heat_deliveries',
    'stg_sdes__heat_networks',
    'stg_sdes__petroleum_sales',
    'stg_sdes__residential_energy',
    'stg_sdes__social_dwellings',
    'stg_transport_data__carpool_places',
    'stg_transport_data__charging_points',
    'stg_transport_data__departement_charging_points',
] %}

with

observations as (

    {% for model in observation_models %}
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        reference_date,
        value,
        source_unit,
        value_status,
        is_provisional,
        snapshot_id
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

converted as (

    select
        observations.indicator_id,
        observations.territory_level,
        observations.territory_code,
        observations.year,
        observations.reference_date,
        observations.value * case when observations.source_unit = indicators.unit then 1 else units.factor end as value,
        observations.value_status,
        observations.is_provisional,
        observations.snapshot_id,
        split_part(observations.snapshot_id, ':', 1) as dataset_id
    from observations
    inner join {{ ref('indicators') }} as indicators on observations.indicator_id = indicators.indicator_id
    left join {{ ref('units') }} as units
        on observations.source_unit = units.source_unit and indicators.unit = units.unit

),

ruled as (

    select
        converted.*,
        rules.rule,
        rules.reason_fr
    from converted
    left join {{ ref('indicator_value_rules') }} as rules
        on
            converted.indicator_id = rules.indicator_id
            and converted.year between rules.year_from and rules.year_to
            and rules.rule in ('zero_is_missing', 'drop')

)

select
    ruled.indicator_id,
    ruled.territory_level,
    ruled.territory_code,
    datasets.cog_year,
    ruled.year,
    ruled.reference_date,
    case when ruled.rule = 'zero_is_missing' and ruled.value = 0 then null else ruled.value end as value,
    case when ruled.rule = 'zero_is_missing' and ruled.value = 0 then 'missing' else ruled.value_status end as value_status,
    ruled.is_provisional,
    ruled.dataset_id,
    ruled.snapshot_id,
    datasets.absent_means,
    case when ruled.rule = 'drop' then ruled.reason_fr end as excluded_because
from ruled
inner join {{ ref('stg_leviers__datasets') }} as datasets on ruled.dataset_id = datasets.dataset_id
-- values under an undeclared licence stay in the raw and staging schemas, which are not published
where datasets.republish
