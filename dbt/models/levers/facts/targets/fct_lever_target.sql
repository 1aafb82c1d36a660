with regional as (
    select
        lever_id,
        region_code as territory_code,
        framework_version,
        horizon_year,
        'ktco2e_avoided' as measure,
        avoided_ktco2e as value,
        'ktCO2e' as unit,
        show_target,
        refused_fr,
        snapshot_id as source
    from {{ ref('int_sgpe_targets_joined') }}

    union all by name

    select
        lever_id,
        region_code as territory_code,
        framework_version,
        horizon_year,
        'physical_' || semantics as measure,
        physical_value as value,
        unit,
        show_target,
        snapshot_id as source
    from {{ ref('int_sgpe_targets_joined') }}
    where physical_value is not null
),

targets as (
    select
        lever_id,
        'region' as territory_level,
        territory_code,
        framework_version,
        horizon_year,
        measure,
        value,
        unit,
        show_target,
        refused_fr,
        'working' as status,
        source
    from regional

    union all by name

    select
        lever_id,
        'pays' as territory_level,
        'FR' as territory_code,
        framework_version,
        horizon_year,
        'ktco2e_avoided' as measure,
        value_ktco2e as value,
        'ktCO2e' as unit,
        true as show_target,
        'official' as status,
        source
    from {{ ref('national_lever_targets') }}
),

asked_by_use as (
    select
        uses.use_id,
        targets.territory_level,
        targets.territory_code,
        targets.horizon_year,
        targets.framework_version,
        sum(targets.value) as asked_ktco2e
    from targets
    inner join {{ ref('int_lever_use_emissions') }} as uses
        on
            targets.lever_id = uses.lever_id
            and {{ same_territory('targets', 'uses') }}
    where targets.measure = 'ktco2e_avoided'
    group by all
)

select
    targets.lever_id,
    targets.territory_level,
    targets.territory_code,
    targets.horizon_year,
    targets.measure,
    targets.value,
    targets.unit,
    targets.framework_version,
    frameworks.is_target_version as is_current,
    targets.show_target,
    targets.refused_fr,
    targets.status,
    targets.source,
    unit_labels.label_fr as unit_label_fr,
    {{ label_fr('measure', 'targets.measure') }} as measure_label_fr,
    {{ label_fr('target_status', 'targets.status') }} as status_label_fr,
    uses.emissions_ktco2e as use_emissions_ktco2e,
    uses.year as use_emissions_year,
    uses.emissions_2019_ktco2e as use_emissions_2019_ktco2e,
    asked_by_use.asked_ktco2e as use_asked_ktco2e,
    asked_by_use.asked_ktco2e > uses.emissions_ktco2e as exceeds_emissions,
    uses.use_label_fr as use_label,
    uses.basis as use_emissions_basis
from targets
inner join {{ ref('frameworks') }} as frameworks on targets.framework_version = frameworks.framework_version
left join {{ ref('unit_labels') }} as unit_labels on targets.unit = unit_labels.unit
left join {{ ref('int_lever_use_emissions') }} as uses
    on
        targets.lever_id = uses.lever_id
        and {{ same_territory('targets', 'uses') }}
        and targets.measure = 'ktco2e_avoided'
left join asked_by_use
    on
        uses.use_id = asked_by_use.use_id
        and {{ same_territory('targets', 'asked_by_use') }}
        and targets.horizon_year = asked_by_use.horizon_year
        and targets.framework_version = asked_by_use.framework_version
