{#- Electricity and gas of the SDES files as observations, in each of four sectors. -#}
{% macro local_energy(consumptions, level) -%}
with

consumption as (

    select
        case sector_code
            when 'R' then 'residential'
            when 'T' then 'tertiary'
            when 'I' then 'industrial'
            when 'A' then 'agricultural'
        end as sector,
        case energy_code when 'E' then 'electricity' when 'G' then 'gas' end as energy,
        {{ level }}_code as territory_code,
        year as consumption_year,
        consumption as mwh,
        consumption_status as mwh_status,
        snapshot_id
    from {{ consumptions }}

),

named as (

    select
        sector || '_' || energy || '_consumption_{{ level }}' as indicator_id,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        snapshot_id
    from consumption

)

select
    {{ named_observation_columns(level, "'MWh'", "consumption_year", value="mwh", status="mwh_status") }}
from named
where indicator_id is not null
{%- endmacro %}
