{#- Grain: year. MWh injected in France, summed over the months; a year that lacks months is provisional.
unique: [year] -#}
with yearly as (
    select
        'production' as series,
        'FR' as territory_code,
        cast(left(month, 4) as integer) as production_year,
        snapshot_id,
        count(*) as source_rows,
        cast(sum(cast(production as decimal(18, 3))) as double) as mwh,
        count(production) < 12 as is_incomplete
    from {{ source('raw_odre', 'odre_biomethane_monthly') }}
    group by left(month, 4), snapshot_id
)

select
    {{ observation_columns(
        "pays", "production_year",
        value="mwh", is_provisional="is_incomplete", is_part_of_year="is_incomplete",
        source_rows="source_rows"
    ) }}
from yearly
