{{ config(severity='warn') }}
-- A commune whose networks are all known delivers no more heat than they make; a hundredth is a rounding.
select
    delivered.territory_code,
    delivered.year,
    delivered.value as delivered_mwh,
    produced.value as produced_mwh
from {{ ref('int_values_selected') }} as delivered
inner join {{ ref('int_values_selected') }} as produced
    on
        {{ same_territory('delivered', 'produced') }}
        and delivered.year = produced.year
        and produced.indicator_id = 'heat_commune_production'
where
    delivered.indicator_id = 'heat_commune_deliveries'
    and produced.completeness_pct >= {{ threshold('complete_pct') }}
    and produced.masked_count = 0
    and delivered.value > 1.01 * produced.value
