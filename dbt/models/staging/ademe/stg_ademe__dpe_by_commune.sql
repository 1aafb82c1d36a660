with

existing as (

    select
        departement_code,
        commune_code,
        year(year_start) as established_year,
        lower(dpe_class) as dpe_class,
        diagnoses,
        snapshot_id,
        case
            when heating_energy like 'Fioul%' then 'oil'
            when heating_energy = 'Gaz naturel' then 'gas'
            when heating_energy like 'Électricité%' then 'electricity'
            when heating_energy like 'Bois%' then 'wood'
            when heating_energy like 'Réseau%' then 'network'
        end as energy
    from {{ source('raw_ademe', 'ademe_dpe_existing_commune') }}

),

new as (

    select
        commune_code,
        year(year_start) as established_year,
        heating_energy,
        diagnoses,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_dpe_new_commune') }}
    where commune_code <> 'INCONNU'

),

counted as (

    select
        'dpe_existing' as indicator_id,
        *
    from existing
    union all
    select
        'dpe_existing_' || dpe_class as indicator_id,
        *
    from existing
    where dpe_class between 'a' and 'g' and length(dpe_class) = 1
    union all
    select
        'dpe_existing_fg' as indicator_id,
        *
    from existing
    where dpe_class in ('f', 'g')
    union all
    select
        'dpe_existing_heated_' || energy as indicator_id,
        *
    from existing
    where energy is not null

),

by_commune as (

    select
        indicator_id,
        commune_code as territory_code,
        established_year,
        diagnoses,
        snapshot_id
    from counted
    where commune_code <> 'INCONNU'
    union all
    select
        'dpe_new' as indicator_id,
        commune_code as territory_code,
        established_year,
        diagnoses,
        snapshot_id
    from new
    union all
    select
        'dpe_new_heated_gas' as indicator_id,
        commune_code as territory_code,
        established_year,
        diagnoses,
        snapshot_id
    from new
    where heating_energy = 'Gaz naturel'

),

-- 2021 begins in July; the newest year is not over.
summed as (

    select
        indicator_id,
        territory_code,
        established_year,
        sum(diagnoses) as value,
        snapshot_id,
        established_year in (2021, max(established_year) over (partition by snapshot_id)) as is_partial
    from by_commune
    group by indicator_id, territory_code, established_year, snapshot_id

)

select
    {{ named_observation_columns(
        "commune", "'diagnoses'", "established_year", is_provisional="is_partial", is_part_of_year="is_partial"
    ) }}
from summed
