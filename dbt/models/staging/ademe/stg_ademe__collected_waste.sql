with

waste as (

    select
        departement_code as territory_code,
        year as collected_year,
        waste_type_code,
        tonnage,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_sinoe_tonnage') }}

),

types (waste_type_code, indicator_id) as (

    values
    ('07A', 'collected_residual_waste'),
    ('07B', 'collected_rubble'),
    ('07C', 'collected_bulky_waste'),
    ('07D', 'collected_hazardous_waste'),
    ('07E', 'collected_recyclables'),
    ('07F', 'collected_biowaste')

),

counted as (

    select
        types.indicator_id,
        waste.territory_code,
        waste.collected_year,
        waste.tonnage,
        waste.snapshot_id
    from waste
    inner join types on waste.waste_type_code = types.waste_type_code

    union all

    select
        'collected_waste' as indicator_id,
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
        {{ sum_if_complete('tonnage') }} as tonnes
    from counted
    group by indicator_id, territory_code, collected_year, snapshot_id

)

select
    {{ named_observation_columns("departement", "'t'", "collected_year", value="tonnes") }}
from summed
