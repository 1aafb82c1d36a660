with parts as (
    select
        changes.lever_id,
        weights.place_code,
        changes.region_code,
        changes.framework_version,
        changes.horizon_year,
        changes.measure,
        changes.unit,
        {{ allocated_part('changes.value', 'weights.weight', 'selected.total_weight') }} as value,
        selected.key_level,
        selected.key_id,
        weights.weight,
        weights.is_estimated,
        weights.is_cut
    from {{ ref('int_lever_changes_derived') }} as changes
    inner join {{ ref('int_allocation_key_selected') }} as selected
        on
            changes.lever_id = selected.lever_id
            and changes.region_code = selected.region_code
    inner join {{ ref('int_allocation_key_weights') }} as weights
        on
            selected.key_id = weights.key_id
            and selected.region_code = weights.region_code
    where not changes.is_intensive
)

select
    parts.lever_id,
    memberships.territory_level,
    memberships.territory_code,
    parts.region_code,
    parts.framework_version,
    parts.horizon_year,
    parts.measure,
    parts.unit,
    any_value(parts.key_id) as key_id,
    cast(sum(parts.value) as double) as value,
    cast(sum(cast(parts.weight as decimal(38, 15))) as double) as key_value,
    bool_or(parts.is_estimated) as is_estimated,
    memberships.is_remainder,
    bool_or(parts.key_level <> memberships.territory_level or parts.is_cut)
    and any_value(parts.key_level) not in ('commune') as is_spread
from parts
inner join {{ ref('int_allocation_memberships') }} as memberships on parts.place_code = memberships.place_code
group by all
