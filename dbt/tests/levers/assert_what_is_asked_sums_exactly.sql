-- What is asked of a region is the State's targets to the last decimal, its least that of all levers.
with asked as (
    select
        territory_level,
        territory_code,
        framework_version,
        horizon_year,
        sum(asked_ktco2e) as asked_ktco2e,
        sum(at_least_ktco2e) as at_least_ktco2e
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
        sum(target_at_least_ktco2e) as at_least_ktco2e
    from {{ ref('fct_chantier_progress') }}
    where group_kind = 'all'
    group by territory_level, territory_code, framework_version, horizon_year
)

select
    asked.territory_level,
    asked.territory_code,
    asked.asked_ktco2e,
    targets.target_ktco2e,
    asked.at_least_ktco2e,
    totals.at_least_ktco2e as total_at_least_ktco2e
from asked
left join targets
    on
        asked.territory_level = targets.territory_level
        and asked.territory_code = targets.territory_code
        and asked.framework_version = targets.framework_version
        and asked.horizon_year = targets.horizon_year
left join totals
    on
        asked.territory_level = totals.territory_level
        and asked.territory_code = totals.territory_code
        and asked.framework_version = totals.framework_version
        and asked.horizon_year = totals.horizon_year
where
    (asked.territory_level = 'region' and asked.asked_ktco2e is distinct from targets.target_ktco2e)
    -- an EPCI of two regions may have another largest lever in each
    or (asked.territory_level <> 'epci' and abs(asked.at_least_ktco2e - totals.at_least_ktco2e) > 1e-4)
