{#- Grain: class x departement. Diagnoses of the span of years, under its first year: what was diagnosed, not
the housing stock.
unique: [series, territory_code, year] -#}
with classes as (
    select
        departement_code as territory_code,
        first_year,
        diagnoses_of_class as diagnoses,
        snapshot_id,
        1 as source_rows,
        dpe_class as series
    from {{ source('raw_ademe', 'ademe_dpe_departement') }}

    union all

    select
        departement_code as territory_code,
        first_year,
        diagnoses,
        snapshot_id,
        count(*) as source_rows,
        'diagnoses' as series
    from {{ source('raw_ademe', 'ademe_dpe_departement') }}
    group by all
)

select
    {{ observation_columns(
        "departement", "first_year", value="diagnoses", status="'estimated'", is_provisional="true",
        source_rows="source_rows"
    ) }}
from classes
