select
    roadmap.lever_id,
    roadmap.territory_level,
    roadmap.territory_code,
    roadmap.region_code,
    roadmap.horizon_year,
    roadmap.framework_version,
    parts.part_ktco2e,
    conversions.kt_per_target_unit,
    coalesce(commitments.commitment_count, 0) as commitment_count,
    coalesce(commitments.action_count, 0) as action_count,
    commitments.asked_ktco2e,
    commitments.done_or_planned_ktco2e,
    commitments.new_ambition_ktco2e,
    commitments.done_or_planned_delta * conversions.kt_per_target_unit as done_or_planned_converted_ktco2e,
    commitments.new_ambition_delta * conversions.kt_per_target_unit as new_ambition_converted_ktco2e,
    coalesce(
        commitments.new_ambition_ktco2e, commitments.new_ambition_delta * conversions.kt_per_target_unit
    ) - parts.part_ktco2e as ambition_gap_ktco2e,
    commitments.asked_delta,
    commitments.done_or_planned_delta,
    commitments.new_ambition_delta,
    commitments.new_levels,
    roadmap.unit_label_fr as physical_unit_label_fr,
    commitments.actions,
    commitments.responsibles,
    commitments.roadmaps,
    commitments.sources,
    roadmap.remark
from {{ ref('int_cop_roadmap_listed') }} as roadmap
left join {{ ref('int_cop_parts_pivoted') }} as parts
    on
        roadmap.lever_id = parts.lever_id
        and {{ same_territory('roadmap', 'parts') }}
        and roadmap.region_code = parts.region_code
        and roadmap.framework_version = parts.framework_version
        and roadmap.horizon_year = parts.horizon_year
left join {{ ref('int_cop_commitments_summed') }} as commitments
    on
        roadmap.lever_id = commitments.lever_id
        and {{ same_territory('roadmap', 'commitments') }}
        and roadmap.horizon_year = commitments.horizon_year
left join {{ ref('fct_action_conversion') }} as conversions
    on
        roadmap.lever_id = conversions.lever_id
        and roadmap.region_code = conversions.region_code
        and roadmap.framework_version = conversions.framework_version
        and roadmap.horizon_year = conversions.horizon_year
