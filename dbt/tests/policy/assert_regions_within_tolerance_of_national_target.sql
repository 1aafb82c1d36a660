-- Only where the simulator is whole: the figures that ship with the project hold one region.
with

targets as (

    {{ in_force('fct_lever_target') }}

),

regional as (

    select
        lever_id,
        sum(value) as value_ktco2e
    from targets
    where territory_level = 'region' and measure = 'ktco2e_avoided'
    group by lever_id

),

loaded as (

    select count(distinct territory_code) as region_count
    from {{ ref('fct_lever_target') }}
    where territory_level = 'region'

)

select
    tiles.lever_id,
    regional.value_ktco2e / tiles.value_ktco2e as regional_ratio
from {{ ref('national_lever_targets') }} as tiles
cross join loaded
left join regional on tiles.lever_id = regional.lever_id
where
    loaded.region_count = (select count(*) from {{ ref('region_aliases') }})
    and coalesce(
        regional.value_ktco2e / tiles.value_ktco2e
        not between tiles.regional_ratio_min and tiles.regional_ratio_max,
        true
    )
