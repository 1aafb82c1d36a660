{{ config(severity='warn') }}
-- Dwellings use a few MWh each: an operator whose hundreds of dwellings use a thousand each has written kWh,
-- and wants a row of value_corrections.
select
    received.operator,
    received.departement_code,
    received.year
from {{ source('raw_ore', 'ore_consumption_departement_sector') }} as received
where
    received.residential_sites > 100
    and received.residential_consumption > 1000 * received.residential_sites
    and not exists (
        select 1
        from {{ ref('value_corrections') }} as corrections
        where
            received.operator = corrections.source_key
            and received.departement_code = corrections.territory_code
            and received.year between corrections.year_from and corrections.year_to
    )
