with

lands (land, indicator_id) as (

    values
    ('Forêts', 'net_sequestration_forest'),
    ('Produits Bois', 'net_sequestration_wood_products'),
    ('Prairies', 'net_sequestration_grassland'),
    ('Cultures', 'net_sequestration_cropland'),
    ('Sols artificiels', 'net_sequestration_artificial_land')

),

named as (

    select
        lands.indicator_id,
        sequestration.commune_code as territory_code,
        sequestration.date_mesure,
        sequestration.value,
        sequestration.snapshot_id
    from {{ source('raw_ecolab', 'ecolab_net_sequestration') }} as sequestration
    inner join lands on sequestration.land = lands.land

)

select
    {{ named_observation_columns(
        "commune", "'tCO2e'", "year(date_mesure)", "date_mesure", status="'estimated'"
    ) }}
from named
