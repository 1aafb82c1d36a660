with

consumption as (

    select
        case energy
            when 'Electricité' then 'electricity_consumption_commune'
            when 'Gaz' then 'gas_consumption_commune'
        end as indicator_id,
        commune_code as territory_code,
        year as consumption_year,
        consumption as mwh,
        if(consumption is null and hidden_cells > 0, 'secret', 'observed') as mwh_status,
        snapshot_id
    from {{ source('raw_ore', 'ore_consumption_commune') }}

)

select
    {{ observation_columns("commune", "'MWh'", "consumption_year", value="mwh", status="mwh_status") }}
from consumption
