{#- The electricity that Enedis takes in, as observations of each of four technologies. -#}
{% macro connected_generation(taken_in, level, territory_code) -%}
with generation as (
    select
        series,
        {{ territory_code }} as territory_code,
        year as generation_year,
        snapshot_id,
        mwh,
        case series
            when 'solar_mwh' then solar_mwh_status
            when 'wind_mwh' then wind_mwh_status
            when 'hydro_mwh' then hydro_mwh_status
            when 'bioenergy_mwh' then bioenergy_mwh_status
        end as mwh_status
    from {{ taken_in }}
    unpivot include nulls (mwh for series in (solar_mwh, wind_mwh, hydro_mwh, bioenergy_mwh))
)

select
    {{ observation_columns(level, "generation_year", value="mwh", status="mwh_status") }}
from generation
{%- endmacro %}
