with rolled_up as (
    select
        rolled_up.indicator_id,
        rolled_up.territory_level,
        rolled_up.territory_code,
        rolled_up.year,
        rolled_up.parts_value as value
    from {{ ref('int_values_selected') }} as rolled_up
    inner join {{ ref('indicators') }} as indicators
        on rolled_up.indicator_id = indicators.indicator_id
    where indicators.rollup_from in ('commune', 'epci') and rolled_up.parts_completeness_pct is not null
),

regions as (
    select
        indicator_id,
        territory_code as region_code,
        year,
        value
    from rolled_up
    where territory_level = 'region'
),

departements as (
    select
        rolled_up.indicator_id,
        territories.region_code,
        rolled_up.year,
        sum(rolled_up.value) as value
    from rolled_up
    inner join {{ ref('dim_territory') }} as territories
        on {{ same_territory('rolled_up', 'territories') }}
    where rolled_up.territory_level = 'departement'
    group by rolled_up.indicator_id, territories.region_code, rolled_up.year
)

select
    regions.indicator_id,
    regions.region_code,
    regions.year,
    regions.value,
    departements.value as departements_value
from regions
inner join departements
    on
        regions.indicator_id = departements.indicator_id
        and regions.region_code = departements.region_code
        and regions.year = departements.year
where abs(regions.value - departements.value) > 1e-9 * greatest(abs(regions.value), 1)
