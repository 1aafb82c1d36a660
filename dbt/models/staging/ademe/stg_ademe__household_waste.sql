with

waste as (

    select
        departement_code as territory_code,
        year as collected_year,
        service_code,
        tonnage,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_sinoe_dma') }}

),

-- The lever counts material and organic recovery together, and nothing else as recovered.
treatments (service_code, indicator_id) as (

    values
    ('02A', 'household_waste_material_recovery'),
    ('02E', 'household_waste_organic_recovery'),
    ('02B', 'household_waste_incineration_with_energy'),
    ('02C', 'household_waste_incineration_without_energy'),
    ('02D', 'household_waste_landfill'),
    ('02F', 'household_waste_inert_landfill'),
    ('02Z', 'household_waste_unspecified'),
    ('02A', 'household_waste_recovered'),
    ('02E', 'household_waste_recovered'),
    ('02B', 'household_waste_not_recovered'),
    ('02C', 'household_waste_not_recovered'),
    ('02D', 'household_waste_not_recovered'),
    ('02F', 'household_waste_not_recovered'),
    ('02Z', 'household_waste_not_recovered')

),

counted as (

    select
        treatments.indicator_id,
        waste.territory_code,
        waste.collected_year,
        waste.tonnage,
        waste.snapshot_id
    from waste
    inner join treatments on waste.service_code = treatments.service_code

    union all

    select
        'household_waste' as indicator_id,
        territory_code,
        collected_year,
        tonnage,
        snapshot_id
    from waste

),

summed as (

    select
        indicator_id,
        territory_code,
        collected_year,
        snapshot_id,
        cast(sum(cast(tonnage as decimal(18, 6))) as double) as tonnes
    from counted
    group by indicator_id, territory_code, collected_year, snapshot_id

)

select
    {{ named_observation_columns("departement", "'t'", "collected_year", value="tonnes") }}
from summed
