with

classes as (

    select
        departement_code as territory_code,
        first_year,
        diagnoses_of_class as diagnoses,
        snapshot_id,
        'dpe_diagnoses_' || dpe_class as indicator_id
    from {{ source('raw_ademe', 'ademe_dpe_departement') }}

    union all

    select distinct
        departement_code as territory_code,
        first_year,
        diagnoses,
        snapshot_id,
        'dpe_diagnoses' as indicator_id
    from {{ source('raw_ademe', 'ademe_dpe_departement') }}

)

select
    {{ named_observation_columns(
        "departement", "'diagnoses'", "first_year", value="diagnoses", status="'estimated'", is_provisional="true"
    ) }}
from classes
