{{ config(severity='warn') }}
-- A target or a part that no territory can reach: it stays, flagged, and is to be reported to those who ask.
select
    lever_id,
    territory_level,
    territory_code,
    framework_version,
    use_asked_ktco2e,
    use_emissions_ktco2e
from {{ ref('fct_lever_target') }}
where exceeds_emissions and measure = 'ktco2e_avoided'
union all
select
    lever_id,
    territory_level,
    territory_code,
    framework_version,
    use_asked_ktco2e,
    use_emissions_ktco2e
from {{ ref('fct_lever_target_allocation') }}
where exceeds_emissions
