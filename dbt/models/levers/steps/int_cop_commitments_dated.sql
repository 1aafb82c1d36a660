{#- Several commitments of one territory on one lever add up; physical levels do not. -#}
with versions as (
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        measure,
        unit,
        asked,
        done_or_planned,
        new_ambition,
        action,
        responsible,
        roadmap,
        source,
        entered_at,
        superseded_at
    from {{ ref('fct_lever_commitment') }}
),

-- What stands changes on each day on which something is entered.
days as (
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        entered_at as in_force_from,
        lead(entered_at) over (
            partition by lever_id, territory_level, territory_code, horizon_year
            order by entered_at
        ) as in_force_until
    from versions
    group by lever_id, territory_level, territory_code, horizon_year, entered_at
)

select
    days.lever_id,
    days.territory_level,
    days.territory_code,
    days.horizon_year,
    days.in_force_from,
    days.in_force_until,
    count(*) as commitment_count,
    count(*) filter (where versions.measure = 'action') as action_count,
    sum(versions.asked) filter (where versions.measure = 'ktco2e_avoided') as asked_ktco2e,
    sum(versions.done_or_planned) filter (where versions.measure = 'ktco2e_avoided')
        as done_or_planned_ktco2e,
    sum(versions.new_ambition) filter (where versions.measure = 'ktco2e_avoided') as new_ambition_ktco2e,
    sum(versions.asked) filter (where versions.measure = 'physical_delta') as asked_delta,
    sum(versions.done_or_planned) filter (where versions.measure = 'physical_delta') as done_or_planned_delta,
    sum(versions.new_ambition) filter (where versions.measure = 'physical_delta') as new_ambition_delta,
    string_agg(
        versions.new_ambition || ' ' || versions.unit, ' ; '
        order by versions.roadmap
    ) filter (where versions.measure = 'physical_level') as new_levels,
    string_agg(distinct versions.action, ' ; ' order by versions.action) as actions,
    string_agg(distinct versions.responsible, ' ; ' order by versions.responsible) as responsibles,
    string_agg(distinct versions.roadmap, ' ; ' order by versions.roadmap) as roadmaps,
    string_agg(distinct versions.source, ' ; ' order by versions.source) as sources
from days
inner join versions
    on
        days.lever_id = versions.lever_id
        and days.territory_level = versions.territory_level
        and days.territory_code = versions.territory_code
        and days.horizon_year = versions.horizon_year
        and days.in_force_from >= versions.entered_at
        and days.in_force_from < coalesce(versions.superseded_at, 'infinity'::date)
group by
    days.lever_id,
    days.territory_level,
    days.territory_code,
    days.horizon_year,
    days.in_force_from,
    days.in_force_until
