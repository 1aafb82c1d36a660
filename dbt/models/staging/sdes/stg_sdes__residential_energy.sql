with

energy as (

    select
        departement_code,
        electricity + natural_gas + fuel_oil + lpg as residential_energy_consumption,
        natural_gas as residential_gas_consumption,
        fuel_oil as residential_fuel_oil_consumption,
        reference_date as data_date,
        snapshot_id
    from {{ source('raw_sdes', 'sdes_residential_energy') }}

),

named as (

    select
        departement_code as territory_code,
        data_date,
        snapshot_id,
        indicator_id,
        mwh
    from energy
    unpivot include nulls (
        mwh for indicator_id in (
            residential_energy_consumption, residential_gas_consumption, residential_fuel_oil_consumption
        )
    )

)

select
    {{ named_observation_columns(
        "departement", "'MWh'", "year(data_date)", "data_date",
        value="mwh", status="'estimated'", is_provisional="true"
    ) }}
from named
