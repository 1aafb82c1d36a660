with powers as (
    select
        region_code,
        nature,
        cast(half_hour as timestamptz) as begins_at,
        snapshot_id,
        flow,
        megawatts
    from {{ source('raw_odre', 'odre_eco2mix_regional') }}
    unpivot (megawatts for flow in (consumption, wind, solar, hydro, bioenergy))
),

half_hours as (
    -- spring lists an hour that does not exist, under the time of the next one
    select
        region_code,
        begins_at,
        flow,
        max(megawatts) as megawatts,
        bool_and(nature = 'Données définitives') as is_definitive,
        max(snapshot_id) as snapshot_id,
        count(*) as source_rows
    from powers
    group by region_code, begins_at, flow
),

summed as (
    select
        flow || '_energy' as series,
        region_code as territory_code,
        -- of France: a file may be cut at its midnight or at that of UTC
        cast(year(timezone('Europe/Paris', begins_at)) as integer) as energy_year,
        max(snapshot_id) as snapshot_id,
        sum(source_rows) as source_rows,
        cast(sum(cast(megawatts as decimal(18, 3)) * 0.5) as double) as mwh,
        -- 48 half-hours a day, less those of the changes of hour
        count(*) < 48 * dayofyear(make_date(energy_year, 12, 31)) - 6
        or not bool_and(is_definitive) as is_unfinished,
        cast(max(timezone('Europe/Paris', begins_at)) as date)
        < make_date(energy_year, 12, 31) as is_part_of_year
    from half_hours
    group by region_code, energy_year, flow
)

select
    {{ observation_columns(
        "region", "energy_year",
        value="mwh", is_provisional="is_unfinished", is_part_of_year="is_part_of_year",
        source_rows="source_rows"
    ) }}
from summed
