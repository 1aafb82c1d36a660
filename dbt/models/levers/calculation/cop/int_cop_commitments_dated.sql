{#- Several commitments of one territory on one lever add up; physical levels do not. -#}
with standing as (
    select * from {{ ref('fct_lever_commitment') }}
    where not is_withdrawn
),

-- The days on which a commitment is entered, withdrawn or moved to another year.
changes as (
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        entered_at as changed_on,
        not is_withdrawn as is_entry,
        is_withdrawn as is_withdrawal
    from {{ ref('fct_lever_commitment') }}
    union all
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        superseded_at as changed_on,
        false as is_entry,
        false as is_withdrawal
    from standing
    where superseded_at is not null
),

days as (
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        changed_on as in_force_from,
        lead(changed_on) over (
            partition by lever_id, territory_level, territory_code, horizon_year
            order by changed_on
        ) as in_force_until,
        bool_or(is_entry) as has_entry,
        bool_or(is_withdrawal) as has_withdrawal
    from changes
    group by lever_id, territory_level, territory_code, horizon_year, changed_on
)

select
    days.lever_id,
    days.territory_level,
    days.territory_code,
    days.horizon_year,
    days.in_force_from,
    days.in_force_until,
    days.has_entry,
    days.has_withdrawal,
    count(standing.lever_id) as commitment_count,
    count(*) filter (where standing.measure = 'action') as action_count,
    sum(standing.asked) filter (where standing.measure = 'ktco2e_avoided') as asked_ktco2e,
    sum(standing.done_or_planned) filter (where standing.measure = 'ktco2e_avoided')
        as done_or_planned_ktco2e,
    sum(standing.new_ambition) filter (where standing.measure = 'ktco2e_avoided') as new_ambition_ktco2e,
    sum(standing.asked) filter (where standing.measure = 'physical_delta') as asked_delta,
    sum(standing.done_or_planned) filter (where standing.measure = 'physical_delta') as done_or_planned_delta,
    sum(standing.new_ambition) filter (where standing.measure = 'physical_delta') as new_ambition_delta,
    string_agg(
        standing.new_ambition || ' ' || standing.unit, ' ; '
        order by standing.roadmap
    ) filter (where standing.measure = 'physical_level') as new_levels,
    string_agg(distinct standing.action, ' ; ' order by standing.action) as actions,
    string_agg(distinct standing.responsible, ' ; ' order by standing.responsible) as responsibles,
    string_agg(distinct standing.roadmap, ' ; ' order by standing.roadmap) as roadmaps,
    string_agg(distinct standing.source, ' ; ' order by standing.source) as sources
from days
left join standing
    on
        days.lever_id = standing.lever_id
        and {{ same_territory('days', 'standing') }}
        and days.horizon_year = standing.horizon_year
        and days.in_force_from >= standing.entered_at
        and (standing.superseded_at is null or days.in_force_from < standing.superseded_at)
group by all
