{#- Grain: series x commune. Social dwellings with an energy class, those without one, and those of classes F
and G, counted from a register that has one row per dwelling. A commune without a row has no social dwelling.
unique: [series, territory_code, year] -#}
with dwellings as (
    select
        coalesce(commune_code, 'unknown') as territory_code,
        dpe_class,
        reference_date as stock_date,
        snapshot_id
    from {{ source('raw_sdes', 'rpls_dwellings') }}
),

counts as (
    select
        territory_code,
        stock_date,
        max(snapshot_id) as snapshot_id,
        count(*) filter (where dpe_class between 'A' and 'G') as rated,
        count(*) filter (where dpe_class is null or dpe_class not between 'A' and 'G') as not_rated,
        count(*) filter (where dpe_class in ('F', 'G')) as f_g
    from dwellings
    group by territory_code, stock_date
),

by_series as (
    select
        territory_code,
        stock_date,
        snapshot_id,
        series,
        value
    from counts
    unpivot (value for series in (rated, not_rated, f_g))
)

select
    {{ observation_columns("commune", "year(stock_date)", "stock_date", source_rows="value") }}
from by_series
