{#- Grain: landfill. Tonnes a year that a site may take once landfilling is halved. The commune is free text:
a site is placed where `commune_corrections` places it, which it does for Occitanie; the others are set aside
later. -#}
with sites as (
    select
        departement_label,
        commune_text,
        capacity_limit,
        limit_date,
        snapshot_id
    from {{ ref('stg_dgpr__landfills') }}
),

located as (
    select
        'capacity_limit' as series,
        coalesce(communes.commune_code, 'unknown') as territory_code,
        sites.capacity_limit,
        sites.limit_date,
        sites.snapshot_id
    from sites
    left join {{ ref('commune_corrections') }} as communes
        on
            communes.dataset_id = 'dgpr_isdnd'
            and sites.departement_label = communes.source_key
            and sites.commune_text = communes.received
)

select
    {{ observation_columns(
        "commune", "year(limit_date)", "limit_date", value="capacity_limit", is_provisional="true"
    ) }}
from located
