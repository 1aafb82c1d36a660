with half_hours as (
    select
        region_code,
        cast(year(day) as integer) as energy_year,
        day,
        snapshot_id,
        flow,
        megawatts
    from {{ source('raw_rte', 'rte_eco2mix_occitanie') }}
    unpivot (megawatts for flow in (consumption, wind, solar, hydro, bioenergy))
),

summed as (
    select
        flow || '_energy' as series,
        region_code as territory_code,
        energy_year,
        snapshot_id,
        count(*) as source_rows,
        cast(sum(cast(megawatts as decimal(18, 3)) * 0.5) as double) as mwh,
        -- a definitive year has all its half-hours, less those of the changes of hour
        count(*) < 48 * dayofyear(make_date(energy_year, 12, 31)) - 6 as is_unfinished,
        max(day) < make_date(energy_year, 12, 31) as is_part_of_year
    from half_hours
    group by region_code, energy_year, flow, snapshot_id
)

select
    {{ observation_columns(
        "region", "energy_year",
        value="mwh", is_provisional="is_unfinished", is_part_of_year="is_part_of_year",
        source_rows="source_rows"
    ) }}
from summed
