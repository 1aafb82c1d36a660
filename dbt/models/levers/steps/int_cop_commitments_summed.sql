{#- Several commitments of one territory on one lever add up; physical levels do not. -#}
with current_commitments as (
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
        roadmap,
        source
    from {{ ref('fct_lever_commitment') }}
    where is_current
)

select
    lever_id,
    territory_level,
    territory_code,
    horizon_year,
    count(*) as commitment_count,
    sum(asked) filter (where measure = 'ktco2e_avoided') as asked_ktco2e,
    sum(done_or_planned) filter (where measure = 'ktco2e_avoided') as done_or_planned_ktco2e,
    sum(new_ambition) filter (where measure = 'ktco2e_avoided') as new_ambition_ktco2e,
    sum(asked) filter (where measure = 'physical_delta') as asked_delta,
    sum(done_or_planned) filter (where measure = 'physical_delta') as done_or_planned_delta,
    sum(new_ambition) filter (where measure = 'physical_delta') as new_ambition_delta,
    string_agg(
        new_ambition || ' ' || unit, ' ; '
        order by roadmap
    ) filter (where measure = 'physical_level') as new_levels,
    string_agg(distinct roadmap, ' ; ' order by roadmap) as roadmaps,
    string_agg(distinct source, ' ; ' order by source) as sources
from current_commitments
group by lever_id, territory_level, territory_code, horizon_year
