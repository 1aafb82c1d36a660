{#- Grain: sector x commune. Tonnes of CO2 equivalent of 2016, modelled by the inventory; an empty cell, which
is a commune without that kind of source, is missing and not zero. CO2 of biomass and international transport
are kept apart: no total counts them.
unique: [series, territory_code, year] -#}
-- Emissions outside the total of the inventory are an indicator of their own: no sum of sectors has them.
with emissions as (
    select
        sector as series,
        commune_code as territory_code,
        reference_date as inventory_date,
        emissions,
        snapshot_id
    from {{ source('raw_ademe', 'igt') }}
)

select
    {{ observation_columns(
        "commune", "year(inventory_date)", "inventory_date", value="emissions", status="'estimated'"
    ) }}
from emissions
