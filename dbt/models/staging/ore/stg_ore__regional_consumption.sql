{#- Grain: energy x region x year. MWh of all sectors, in the series that ended in 2021; what no region was
given (XX, Fr) is set aside later as an unknown territory.
unique: [series, territory_code, year] -#}
with summed as (
    select
        energy as series,
        region_code as territory_code,
        year as consumption_year,
        snapshot_id,
        count(*) as source_rows,
        cast(sum(cast(consumption as decimal(28, 9))) as double) as mwh
    from {{ source('raw_ore', 'ore_consumption_region_naf') }}
    group by energy, region_code, year, snapshot_id
)

select
    {{ observation_columns("region", "consumption_year", value="mwh", source_rows="source_rows") }}
from summed
