with

summed as (

    select
        case energy
            when 'Electricité' then 'electricity_consumption_2011_2021'
            when 'Gaz' then 'gas_consumption_2011_2021'
        end as indicator_id,
        region_code as territory_code,
        year as consumption_year,
        snapshot_id,
        cast(sum(cast(consumption as decimal(28, 9))) as double) as mwh
    from {{ source('raw_ore', 'ore_consumption_region_naf') }}
    group by energy, region_code, year, snapshot_id

)

select
    {{ named_observation_columns("region", "'MWh'", "consumption_year", value="mwh") }}
from summed
