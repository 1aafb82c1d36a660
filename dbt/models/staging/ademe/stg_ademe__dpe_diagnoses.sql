with classes as (
    select
        departement_code as territory_code,
        first_year,
        diagnoses_of_class as diagnoses,
        snapshot_id,
        dpe_class as series
    from {{ source('raw_ademe', 'ademe_dpe_departement') }}

    union all

    select distinct
        departement_code as territory_code,
        first_year,
        diagnoses,
        snapshot_id,
        'diagnoses' as series
    from {{ source('raw_ademe', 'ademe_dpe_departement') }}
)

select
    {{ observation_columns(
        "departement", "first_year", value="diagnoses", status="'estimated'", is_provisional="true"
    ) }}
from classes
