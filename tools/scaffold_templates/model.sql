{#- Grain: series x departement x year. WHAT THE VALUES ARE, AND WHAT THE NAME DOES NOT SAY.
unique: [series, territory_code, year] -#}
with observed as (
    select
        'value' as series,
        departement_code as territory_code,
        year as value_year,
        value,
        snapshot_id
    from {{ source('raw_$producer', '$dataset_id') }}
)

select
    {{ observation_columns("departement", "value_year") }}
from observed
