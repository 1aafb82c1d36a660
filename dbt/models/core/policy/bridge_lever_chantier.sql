{#- The framework that names the 22 chantiers of ecological planning. -#}
{% set chantier_framework = 'FNV-2022' %}
with placed as (
    select
        places.lever_id,
        places.framework_version,
        places.theme_id,
        places.chantier_id,
        places.confidence,
        frameworks.is_target_version,
        frameworks.published_year
    from {{ ref('bridge_lever_framework') }} as places
    inner join
        {{ ref('dim_framework') }} as frameworks
        on places.framework_version = frameworks.framework_version
),

-- The framework of the targets first: it groups levers by theme.
themed as (
    select
        lever_id,
        theme_id
    from placed
    where theme_id is not null
    qualify row_number() over (
        partition by lever_id
        order by is_target_version desc, published_year desc, framework_version asc
    ) = 1
),

tied as (
    select
        lever_id,
        framework_version,
        chantier_id,
        confidence
    from placed
    where chantier_id is not null
    qualify row_number() over (
        partition by lever_id
        order by
            is_target_version desc,
            framework_version = '{{ chantier_framework }}' desc,
            published_year desc,
            framework_version asc
    ) = 1
)

select
    levers.lever_id,
    themes.theme_id,
    themes.theme_name_fr,
    chantiers.chantier_id,
    chantiers.chantier_name_fr,
    tied.framework_version as chantier_framework_version,
    tied.confidence as chantier_confidence,
    {{ label_fr('link_confidence', 'tied.confidence') }} as chantier_confidence_fr
from {{ ref('dim_lever') }} as levers
left join themed on levers.lever_id = themed.lever_id
left join {{ ref('dim_theme') }} as themes on themed.theme_id = themes.theme_id
left join tied on levers.lever_id = tied.lever_id
left join {{ ref('dim_chantier') }} as chantiers on tied.chantier_id = chantiers.chantier_id
