{#- Grain: waste x departement x year of survey. Tonnes of household and similar waste collected, by type and
in total, rubble included, recycling centres included.
unique: [series, territory_code, year] -#}
with waste as (
    select
        departement_code as territory_code,
        year as collected_year,
        unnest([waste_type_code, 'total']) as series,
        tonnage,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_sinoe_tonnage') }}
),

summed as (
    select
        series,
        territory_code,
        collected_year,
        snapshot_id,
        count(*) as source_rows,
        {{ sum_if_complete('tonnage') }} as tonnes
    from waste
    -- other waste counts in the total only
    where series != '07Z'
    group by series, territory_code, collected_year, snapshot_id
)

select
    {{ observation_columns("departement", "collected_year", value="tonnes", source_rows="source_rows") }}
from summed
