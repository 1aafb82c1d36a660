{#- Grain: energy x departement. MWh used by dwellings in Occitanie in 2024: electricity, gas, heating oil and
LPG, the last two modelled; wood and network heat are not counted.
unique: [series, territory_code, year] -#}
with energy as (
    select
        departement_code,
        electricity + natural_gas + fuel_oil + lpg as total,
        natural_gas,
        fuel_oil,
        reference_date as data_date,
        snapshot_id
    from {{ source('raw_sdes', 'sdes_residential_energy') }}
),

named as (
    select
        departement_code as territory_code,
        data_date,
        snapshot_id,
        series,
        mwh
    from energy
    unpivot include nulls (mwh for series in (total, natural_gas, fuel_oil))
)

select
    {{ observation_columns(
        "departement", "year(data_date)", "data_date",
        value="mwh", status="'estimated'", is_provisional="true"
    ) }}
from named
