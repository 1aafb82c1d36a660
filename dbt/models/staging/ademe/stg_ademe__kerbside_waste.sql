{#- Grain: waste x departement x year of survey, and population x departement x year. Tonnes of household
waste collected apart from recycling centres, and the population that the survey divides them by: the ratio
per head is computed from sums, never averaged.
unique: [series, territory_code, year] -#}
with waste as (
    select
        departement_code as territory_code,
        year as collected_year,
        waste_type_code,
        tonnage,
        population,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_sinoe_oma') }}
),

figures as (
    select
        waste_type_code as series,
        territory_code,
        collected_year,
        tonnage as figure,
        snapshot_id,
        1 as source_rows
    from waste

    union all

    -- the population of a departement stands in the row of each of its wastes
    select
        'population' as series,
        territory_code,
        collected_year,
        max(population) as figure,
        snapshot_id,
        count(*) as source_rows
    from waste
    group by territory_code, collected_year, snapshot_id
)

select
    {{ observation_columns("departement", "collected_year", value="figure", source_rows="source_rows") }}
from figures
