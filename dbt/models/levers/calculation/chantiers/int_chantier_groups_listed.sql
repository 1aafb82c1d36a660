with groups as (
    select
        'chantier' as group_kind,
        chantier_id as group_id,
        chantier_name_fr as group_name_fr,
        theme_id
    from {{ ref('dim_chantier') }}
    where framework_version = 'FNV-2022'
    union all
    select
        'theme' as group_kind,
        theme_id as group_id,
        theme_name_fr as group_name_fr,
        theme_id
    from {{ ref('dim_theme') }}
    union all
    select
        'all' as group_kind,
        'all' as group_id,
        'Ensemble des leviers' as group_name_fr,
        null as theme_id
),

ties as (
    select
        lever_id,
        framework_version,
        unnest(['chantier', 'theme', 'all']) as group_kind,
        unnest([chantier_id, theme_id, 'all']) as group_id,
        unnest([chantier_confidence, confidence, 'confirmed']) as confidence
    from {{ ref('bridge_lever_framework') }}
)

select
    groups.group_kind,
    groups.group_id,
    groups.group_name_fr,
    groups.theme_id,
    frameworks.framework_version,
    ties.lever_id,
    ties.confidence
from groups
{{ join_framework_in_force() }}
left join ties
    on
        groups.group_kind = ties.group_kind
        and groups.group_id = ties.group_id
        and frameworks.framework_version = ties.framework_version
