{#- Grain: commune x edition. Open places of the national base, to which the files that some producers publish
beside it were not added.
unique: [territory_code, reference_date] -#}
with places as (
    select
        coalesce({{ whole_commune('commune_code') }}, 'unknown') as commune_code,
        is_open,
        {{ edition_date('updated_on') }} over (partition by snapshot_id) as edition_date,
        snapshot_id
    from {{ source('raw_transport_data', 'bnlc') }}
),

counted as (
    select
        'places' as series,
        commune_code as territory_code,
        edition_date,
        snapshot_id,
        count(*) as place_count
    from places
    where is_open
    group by commune_code, edition_date, snapshot_id
)

select
    {{ observation_columns(
        "commune", "year(edition_date)", "edition_date", value="place_count", source_rows="place_count"
    ) }}
from counted
