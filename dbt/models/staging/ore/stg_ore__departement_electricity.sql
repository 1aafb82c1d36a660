with

consumption as (

    select
        case sector
            when 'total' then 'electricity_consumption'
            when 'residential' then 'residential_electricity_consumption'
            when 'tertiary' then 'tertiary_electricity_consumption'
        end as indicator_id,
        departement_code as territory_code,
        year as consumption_year,
        mwh,
        snapshot_id
    from {{ source('raw_ore', 'ore_electricity_departement') }}
    unpivot include nulls (mwh for sector in (total, residential, tertiary))

)

select
    {{ observation_columns("departement", "'MWh'", "consumption_year", value="mwh", status="'estimated'") }}
from consumption
