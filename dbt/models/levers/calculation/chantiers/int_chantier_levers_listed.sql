with targets as (
    select
        levers.lever_id,
        levers.territory_level,
        levers.territory_code,
        levers.region_code,
        levers.framework_version,
        levers.horizon_year,
        parts.part_ktco2e as target_ktco2e,
        levers.avoided_ktco2e as regional_ktco2e,
        levers.show_target
    from {{ ref('int_cop_levers_listed') }} as levers
    left join {{ ref('int_cop_parts_pivoted') }} as parts
        on
            levers.lever_id = parts.lever_id
            and {{ same_territory('levers', 'parts') }}
            and levers.region_code = parts.region_code
            and levers.framework_version = parts.framework_version
            and levers.horizon_year = parts.horizon_year
    union all by name
    select
        lever_id,
        'pays' as territory_level,
        'FR' as territory_code,
        framework_version,
        horizon_year,
        value_ktco2e as target_ktco2e
    from {{ ref('national_lever_targets') }}
)

select
    {{ group_key('tied', 'targets') }} as group_key,
    tied.group_kind,
    tied.group_id,
    tied.confidence,
    targets.lever_id,
    levers.lever_name_fr,
    targets.territory_level,
    targets.territory_code,
    targets.region_code,
    targets.framework_version,
    targets.horizon_year,
    targets.target_ktco2e,
    targets.regional_ktco2e,
    national_targets.value_ktco2e as national_ktco2e,
    commitments.done_or_planned_ktco2e,
    not coalesce(targets.show_target, true) as is_masked
from targets
inner join {{ ref('int_chantier_groups_listed') }} as tied
    on
        targets.lever_id = tied.lever_id
        and targets.framework_version = tied.framework_version
inner join {{ ref('dim_lever') }} as levers on targets.lever_id = levers.lever_id
left join {{ ref('national_lever_targets') }} as national_targets
    on
        targets.lever_id = national_targets.lever_id
        and targets.framework_version = national_targets.framework_version
        and targets.horizon_year = national_targets.horizon_year
left join {{ ref('int_cop_commitments_summed') }} as commitments
    on
        targets.lever_id = commitments.lever_id
        and {{ same_territory('targets', 'commitments') }}
        and targets.horizon_year = commitments.horizon_year
