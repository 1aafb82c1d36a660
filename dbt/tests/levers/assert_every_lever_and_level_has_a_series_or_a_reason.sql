select
    levers.lever_id,
    levels.territory_level
from {{ ref('dim_lever') }} as levers
cross join (select unnest(['pays', 'region', 'departement', 'epci', 'commune']) as territory_level) as levels
left join {{ ref('fct_lever_coverage') }} as coverage
    on
        levers.lever_id = coverage.lever_id
        and levels.territory_level = coverage.territory_level
where
    levers.is_quantified
    and (coverage.lever_id is null or (not coverage.has_series and coverage.reason is null))
