{#- Grain: year of the diagnosis. Diagnoses of existing dwellings of the whole country that bear no
departement: what the counts by commune miss, in all regions together.
unique: [series, territory_code, year] -#}
with counts as (
    select
        commune_code,
        year(year_start) as established_year,
        diagnoses,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_dpe_existing_commune') }}
    where departement_code = 'INCONNU'
),

summed as (
    select
        'diagnoses' as series,
        'FR' as territory_code,
        established_year,
        sum(diagnoses) as value,
        count(*) as source_rows,
        snapshot_id
    from counts
    group by established_year, snapshot_id
)

select
    {{ observation_columns("pays", "established_year", is_provisional="false", source_rows="source_rows") }}
from summed
