with

waste as (

    select
        departement_code as territory_code,
        year as collected_year,
        waste_type_code,
        tonnage,
        population,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_sinoe_oma') }}

),

types (waste_type_code, indicator_id) as (

    values
    ('08A', 'kerbside_residual_waste'),
    ('08B', 'kerbside_packaging_paper'),
    ('08C', 'kerbside_glass'),
    ('08D', 'kerbside_food_waste')

),

figures as (

    select
        types.indicator_id,
        't' as source_unit,
        waste.territory_code,
        waste.collected_year,
        waste.tonnage as figure,
        waste.snapshot_id
    from waste
    inner join types on waste.waste_type_code = types.waste_type_code

    union all

    -- the population of a departement stands in the row of each of its wastes
    select
        'kerbside_population' as indicator_id,
        'persons' as source_unit,
        territory_code,
        collected_year,
        max(population) as figure,
        snapshot_id
    from waste
    group by territory_code, collected_year, snapshot_id

)

select
    {{ named_observation_columns("departement", "source_unit", "collected_year", value="figure") }}
from figures
