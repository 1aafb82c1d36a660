{#- Grain: sector, or all of them, x region. Tonnes of CO2 equivalent of the regional inventories, without
fluorinated gases, under the year of each inventory, which the file does not bear (`atmo_inventories`). Years
differ: regions are not added up.
unique: [series, territory_code, year] -#}
-- A region has a total if its five sectors are all there.
with inventories as (
    select * from {{ ref('atmo_inventories') }}
),

by_sector as (
    select
        emissions.sector_code as series,
        emissions.region_code as territory_code,
        inventories.inventory_year,
        cast(emissions.ghg as decimal(38, 9)) as tonnes,
        emissions.snapshot_id
    from {{ ref('stg_atmo__regional_emissions') }} as emissions
    left join inventories on emissions.region_code = inventories.region_code
),

emissions as (
    select
        series,
        territory_code,
        inventory_year,
        tonnes,
        1 as source_rows,
        snapshot_id
    from by_sector
    union all
    select
        'total' as series,
        territory_code,
        inventory_year,
        sum(tonnes) as tonnes,
        count(*) as source_rows,
        snapshot_id
    from by_sector
    group by territory_code, inventory_year, snapshot_id
    having count(tonnes) = 5
)

select
    {{ observation_columns(
        "region", "inventory_year", value="tonnes", status="'estimated'", source_rows="source_rows"
    ) }}
from emissions
