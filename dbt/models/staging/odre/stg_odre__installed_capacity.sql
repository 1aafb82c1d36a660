with capacity as (
    select
        filiere as series,
        commune_code as territory_code,
        puismaxinstallee_kw,
        reference_date as edition_date,
        snapshot_id
    from {{ source('raw_odre', 'odre_registry_commune') }}
    where filiere not in ('Geothermal', 'Marine Energy', 'Non-renewable', 'Nuclear', 'Other', 'Storage')
)

select
    {{ observation_columns(
        "commune", "year(edition_date)", "edition_date", value="puismaxinstallee_kw", is_provisional="true"
    ) }}
from capacity
