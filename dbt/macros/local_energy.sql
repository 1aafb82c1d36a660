{#- Electricity and gas of the SDES files as observations, in each of four sectors. -#}
{% macro local_energy(consumptions, level) -%}
with consumption as (
    select
        energy_code || '/' || sector_code as series,
        {{ level }}_code as territory_code,
        year as consumption_year,
        consumption as mwh,
        consumption_status as mwh_status,
        snapshot_id
    from {{ consumptions }}
    -- X is no known sector
    where sector_code != 'X'
)

select
    {{ observation_columns(level, "consumption_year", value="mwh", status="mwh_status") }}
from consumption
{%- endmacro %}
