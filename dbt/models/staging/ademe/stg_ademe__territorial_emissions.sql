-- What the inventory keeps out of its total is an indicator of its own: no sum of sectors takes it in.
with

sectors (sector, indicator_id) as (

    values
    ('Agriculture', 'igt_agriculture'),
    ('Autres transports', 'igt_other_transport'),
    ('Autres transports international', 'igt_international_transport'),
    ('CO2 biomasse hors-total', 'igt_biomass_co2'),
    ('Déchets', 'igt_waste'),
    ('Energie', 'igt_energy'),
    ('Industrie hors-énergie', 'igt_industry'),
    ('Résidentiel', 'igt_residential'),
    ('Routier', 'igt_road_transport'),
    ('Tertiaire', 'igt_tertiary')

),

emissions as (

    select
        sectors.indicator_id,
        inventory.commune_code as territory_code,
        inventory.reference_date as inventory_date,
        inventory.emissions,
        inventory.snapshot_id
    from {{ source('raw_ademe', 'igt') }} as inventory
    inner join sectors on inventory.sector = sectors.sector

)

select
    {{ named_observation_columns(
        "commune", "'tCO2e'", "year(inventory_date)", "inventory_date", value="emissions", status="'estimated'"
    ) }}
from emissions
