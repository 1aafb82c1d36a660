with targets as (
    select
        simulator_ids.lever_id,
        regions.region_code,
        targets.framework_version,
        targets.horizon_year,
        targets.avoided_ktco2e,
        targets.published_unit_fr,
        targets.co2_to_physical_ratio,
        targets.start_point_2019,
        targets.show_target,
        targets.snapshot_id
    from {{ ref('stg_sgpe__lever_targets') }} as targets
    left join {{ ref('region_aliases') }} as regions on targets.region_name = regions.region_name
    left join {{ ref('lever_simulator_ids') }} as simulator_ids
        on
            targets.sim_id = simulator_ids.sim_id
            and regions.lever_scope = simulator_ids.lever_scope
)

select
    targets.lever_id,
    targets.region_code,
    targets.framework_version,
    targets.horizon_year,
    targets.avoided_ktco2e,
    targets.published_unit_fr,
    units.unit,
    units.semantics,
    units.is_intensive,
    coalesce(units.is_start_measured, true) as is_start_measured,
    targets.co2_to_physical_ratio,
    case when units.semantics = 'level' then targets.start_point_2019 end as start_2019,
    case
        when units.semantics = 'level'
            then targets.start_point_2019 + targets.avoided_ktco2e * targets.co2_to_physical_ratio
        when units.semantics = 'delta' then targets.avoided_ktco2e * targets.co2_to_physical_ratio
    end as physical_value,
    if(targets.co2_to_physical_ratio is null, counted.refused_fr, null) as refused_fr,
    targets.show_target,
    targets.snapshot_id
from targets
left join {{ ref('lever_target_units') }} as units on targets.lever_id = units.lever_id
left join {{ ref('lever_counted') }} as counted
    on targets.lever_id = counted.lever_id and targets.framework_version = counted.framework_version
