{#- Grain: technology x departement x year x voltage. MWh fed into the network of Enedis; secret cells are
kept, so that a departement tells how many of its three voltages are hidden. Combined heat and power and the
other technologies of the file measure no lever. -#}
with generation as (
    select
        series,
        departement_code as territory_code,
        year as generation_year,
        snapshot_id,
        mwh,
        case series
            when 'solar_mwh' then solar_mwh_status
            when 'wind_mwh' then wind_mwh_status
            when 'hydro_mwh' then hydro_mwh_status
            when 'bioenergy_mwh' then bioenergy_mwh_status
        end as mwh_status
    from {{ source('raw_enedis', 'enedis_generation_departement') }}
    unpivot include nulls (mwh for series in (solar_mwh, wind_mwh, hydro_mwh, bioenergy_mwh))
)

select
    {{ observation_columns("departement", "generation_year", value="mwh", status="mwh_status") }}
from generation
