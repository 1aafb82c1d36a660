-- Communes and departements cover a region, EPCI where each commune is in one.
with uncovered as (
    select distinct region_code
    from {{ ref('dim_commune_year') }}
    where cog_year = {{ var('cog_year') }} and epci_code is null
)

select
    reconciliation.lever_id,
    reconciliation.region_code,
    reconciliation.measure,
    reconciliation.territory_level,
    reconciliation.key_id,
    reconciliation.difference
from {{ ref('fct_allocation_reconciliation') }} as reconciliation
left join uncovered on reconciliation.region_code = uncovered.region_code
where
    (reconciliation.territory_level <> 'epci' or uncovered.region_code is null)
    and coalesce(abs(reconciliation.difference) > 1e-9, true)
