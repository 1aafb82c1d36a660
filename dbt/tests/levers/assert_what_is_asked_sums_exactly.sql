-- The demands on a region sum to the State's targets, to the last decimal; all sum to the totals.
with demands as (
    select
        territory_level,
        territory_code,
        framework_version,
        horizon_year,
        sum(asked_ktco2e) as asked_ktco2e
    from {{ ref('fct_lever_demand') }}
    group by territory_level, territory_code, framework_version, horizon_year
),

targets as (
    select
        territory_level,
        territory_code,
        framework_version,
        horizon_year,
        sum(cast(value as decimal(18, 6))) as target_ktco2e
    from {{ ref('fct_lever_target') }}
    where measure = 'ktco2e_avoided'
    group by territory_level, territory_code, framework_version, horizon_year
),

totals as (
    select
        territory_level,
        territory_code,
        framework_version,
        horizon_year,
        sum(target_ktco2e) as target_ktco2e
    from {{ ref('fct_chantier_progress') }}
    where group_kind = 'all'
    group by territory_level, territory_code, framework_version, horizon_year
)

select
    demands.territory_level,
    demands.territory_code,
    demands.asked_ktco2e,
    targets.target_ktco2e,
    totals.target_ktco2e as total_ktco2e
from demands
left join targets
    on
        {{ same_territory('demands', 'targets') }}
        and demands.framework_version = targets.framework_version
        and demands.horizon_year = targets.horizon_year
left join totals
    on
        {{ same_territory('demands', 'totals') }}
        and demands.framework_version = totals.framework_version
        and demands.horizon_year = totals.horizon_year
where
    (demands.territory_level = 'region' and demands.asked_ktco2e is distinct from targets.target_ktco2e)
    or coalesce(abs(demands.asked_ktco2e - totals.target_ktco2e) > 1e-4, true)
