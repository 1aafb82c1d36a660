with regions as (
    select
        territory_code as region_code,
        population
    from {{ ref('dim_territory') }}
    where territory_level = 'region' and is_in_scope
),

targets as (
    select
        changes.lever_id,
        changes.region_code,
        changes.horizon_year,
        changes.measure,
        changes.value
    from {{ ref('int_lever_changes_derived') }} as changes
    {{ join_framework_in_force('changes') }}
    where not changes.is_intensive
),

own_ambitions as (
    select
        lever_id,
        territory_code as region_code,
        horizon_year,
        new_ambition_ktco2e,
        new_ambition_delta
    from {{ ref('int_cop_commitments_summed') }}
    where territory_level = 'region'
),

populations as (
    select
        memberships.territory_level,
        memberships.territory_code,
        communes.region_code,
        sum(communes.population) as population
    from {{ ref('int_commune_memberships') }} as memberships
    inner join {{ ref('int_allocation_communes') }} as communes
        on
            memberships.commune_code = communes.commune_code
            and communes.part_level = 'commune'
    group by memberships.territory_level, memberships.territory_code, communes.region_code
),

parts as (
    select
        allocation.lever_id,
        allocation.territory_level,
        allocation.territory_code,
        allocation.parent_code as region_code,
        allocation.horizon_year,
        allocation.measure,
        allocation.value
    from {{ ref('fct_lever_target_allocation') }} as allocation
    {{ join_framework_in_force('allocation') }}
    where allocation.key_id <> 'same_as_region'
),

ambitions as (
    select
        counted.lever_id,
        counted.territory_level,
        counted.territory_name,
        counted.region_code,
        counted.horizon_year,
        counted.measure,
        counted.asked,
        counted.done_or_planned,
        counted.new_ambition,
        counted.is_counted,
        counted.counted_names,
        populations.population,
        parts.value as part
    from {{ ref('int_cop_ambitions_counted') }} as counted
    left join populations
        on
            {{ same_territory('counted', 'populations') }}
            and counted.region_code = populations.region_code
    left join parts
        on
            counted.lever_id = parts.lever_id
            and {{ same_territory('counted', 'parts') }}
            and counted.region_code = parts.region_code
            and counted.horizon_year = parts.horizon_year
            and counted.measure = parts.measure
),

-- Each level by itself, where nothing overlaps, and all of them together.
at_levels as (
    select
        *,
        territory_level as level_shown,
        new_ambition is not null as is_summed
    from ambitions
    union all
    select
        *,
        'ensemble' as level_shown,
        is_counted as is_summed
    from ambitions
),

summed as (
    select
        lever_id,
        region_code,
        horizon_year,
        measure,
        level_shown,
        count(*) filter (where is_summed) as territory_count,
        count(*) filter (where new_ambition is null) as without_ambition_count,
        count(*) filter (where new_ambition is not null and not is_summed) as overlapping_count,
        string_agg(
            territory_name || ' (recouvre ' || counted_names || ')', ' ; '
            order by territory_name
        ) filter (where new_ambition is not null and not is_summed) as overlapping_names,
        sum(asked) filter (where is_summed) as asked,
        sum(done_or_planned) filter (where is_summed) as done_or_planned,
        sum(new_ambition) filter (where is_summed) as new_ambition,
        cast(sum(population) filter (where is_summed) as bigint) as population,
        sum(part) filter (where is_summed) as part
    from at_levels
    group by lever_id, region_code, horizon_year, measure, level_shown
),

listed as (
    select
        lever_id,
        region_code,
        horizon_year,
        measure,
        'ensemble' as level_shown
    from targets
    union
    select
        lever_id,
        region_code,
        horizon_year,
        measure,
        level_shown
    from summed
    where new_ambition is not null or without_ambition_count > 0
)

select
    listed.lever_id,
    listed.region_code,
    listed.horizon_year,
    listed.measure,
    listed.level_shown,
    targets.value as region_target,
    if(listed.measure = 'ktco2e_avoided', own_ambitions.new_ambition_ktco2e, own_ambitions.new_ambition_delta)
        as region_ambition,
    coalesce(summed.territory_count, 0) as territory_count,
    coalesce(summed.without_ambition_count, 0) as without_ambition_count,
    coalesce(summed.overlapping_count, 0) as overlapping_count,
    summed.overlapping_names,
    summed.asked,
    summed.done_or_planned,
    summed.new_ambition,
    summed.new_ambition - targets.value as target_gap,
    100 * summed.new_ambition / nullif(targets.value, 0) as target_pct,
    summed.new_ambition - summed.part as part_gap,
    100 * summed.part / nullif(targets.value, 0) as part_pct,
    100 * summed.population / nullif(regions.population, 0) as population_pct
from listed
inner join regions on listed.region_code = regions.region_code
left join summed
    on
        listed.lever_id = summed.lever_id
        and listed.region_code = summed.region_code
        and listed.horizon_year = summed.horizon_year
        and listed.measure = summed.measure
        and listed.level_shown = summed.level_shown
left join targets
    on
        listed.lever_id = targets.lever_id
        and listed.region_code = targets.region_code
        and listed.horizon_year = targets.horizon_year
        and listed.measure = targets.measure
left join own_ambitions
    on
        listed.lever_id = own_ambitions.lever_id
        and listed.region_code = own_ambitions.region_code
        and listed.horizon_year = own_ambitions.horizon_year
