{#- The electricity that Enedis takes in, as observations of each of four technologies. -#}
{% macro connected_generation(taken_in, level, territory_code, suffix) -%}
with

generation as (

    select
        {{ territory_code }} as territory_code,
        year as generation_year,
        snapshot_id,
        technology,
        mwh,
        case technology
            when 'solar_mwh' then solar_mwh_status
            when 'wind_mwh' then wind_mwh_status
            when 'hydro_mwh' then hydro_mwh_status
            when 'bioenergy_mwh' then bioenergy_mwh_status
        end as mwh_status
    from {{ taken_in }}
    unpivot include nulls (mwh for technology in (solar_mwh, wind_mwh, hydro_mwh, bioenergy_mwh))

),

named as (

    select
        'generation_' || replace(technology, '_mwh', '{{ suffix }}') as indicator_id,
        territory_code,
        generation_year,
        mwh,
        mwh_status,
        snapshot_id
    from generation

)

select
    {{ named_observation_columns(level, "'MWh'", "generation_year", value="mwh", status="mwh_status") }}
from named
{%- endmacro %}
