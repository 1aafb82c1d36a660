{#- Grain: series x commune. Diagnoses of existing dwellings in force on the day of the latest change, of the
departements that the raw table holds. Left out: those that another one replaces, those of buildings, those
that expired, those without a commune. Dwellings whose diagnosis was made from that of their building count
once, without the building. Diagnosed dwellings are not the housing stock.
unique: [series, territory_code, year] -#}
with diagnoses as (
    select
        diagnosis_number,
        replaces_number,
        valid_until,
        dpe_class,
        building_type,
        commune_code,
        snapshot_id,
        max(modified_on) over () as as_of
    from {{ ref('stg_ademe__dpe_existing') }}
    qualify row_number() over (partition by diagnosis_number order by modified_on desc) = 1
),

current_diagnoses as (
    select diagnoses.*
    from diagnoses
    anti join diagnoses as newer on diagnoses.diagnosis_number = newer.replaces_number
    where
        diagnoses.building_type <> 'immeuble'
        and diagnoses.valid_until >= diagnoses.as_of
        and diagnoses.commune_code is not null
),

counts as (
    select
        commune_code as territory_code,
        max(as_of) as as_of,
        max(snapshot_id) as snapshot_id,
        count(*) as diagnoses,
        count(*) filter (where dpe_class in ('F', 'G')) as diagnoses_f_g
    from current_diagnoses
    group by commune_code
),

by_series as (
    select
        territory_code,
        as_of,
        snapshot_id,
        series,
        value
    from counts
    unpivot (value for series in (diagnoses, diagnoses_f_g))
)

select
    {{ observation_columns(
        "commune", "year(as_of)", "as_of", is_provisional="true", source_rows="value"
    ) }}
from by_series
