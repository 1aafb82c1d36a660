-- The total is that of a region whose five sectors are all there.
with

sectors (sector_code, indicator_id) as (

    values
    ('219', 'atmo_emissions_industry_energy_waste'),
    ('34', 'atmo_emissions_buildings'),
    ('5', 'atmo_emissions_agriculture'),
    ('6', 'atmo_emissions_road_transport'),
    ('7', 'atmo_emissions_other_transport')

),

inventories as (

    select
        region_code,
        inventory_year
    from {{ ref('atmo_inventories') }}

),

by_sector as (

    select
        sectors.indicator_id,
        emissions.region_code as territory_code,
        inventories.inventory_year,
        cast(emissions.ghg as decimal(38, 9)) as tonnes,
        emissions.snapshot_id
    from {{ source('raw_atmo', 'atmo_emissions_sector') }} as emissions
    inner join sectors on emissions.sector_code = sectors.sector_code
    left join inventories on emissions.region_code = inventories.region_code

),

emissions as (

    select
        indicator_id,
        territory_code,
        inventory_year,
        tonnes,
        snapshot_id
    from by_sector
    union all
    select
        'atmo_emissions_ghg' as indicator_id,
        territory_code,
        inventory_year,
        sum(tonnes) as tonnes,
        snapshot_id
    from by_sector
    group by territory_code, inventory_year, snapshot_id
    having count(tonnes) = (select count(*) from sectors)

)

select
    {{ named_observation_columns(
        "region", "'tCO2e'", "inventory_year", value="tonnes", status="'estimated'"
    ) }}
from emissions
