-- The chantier under the framework of the targets or, without one, under the newest.
with placed as (
    select
        places.lever_id,
        places.framework_version,
        places.theme_id,
        places.chantier_id,
        places.chantier_confidence,
        row_number() over (
            partition by places.lever_id
            order by
                frameworks.is_target_version desc,
                frameworks.published_year desc,
                places.framework_version asc
        ) as place_rank
    from {{ ref('bridge_lever_framework') }} as places
    inner join
        {{ ref('dim_framework') }} as frameworks
        on places.framework_version = frameworks.framework_version
),

chosen as (
    select
        lever_id,
        arg_min(theme_id, place_rank) filter (where theme_id is not null) as theme_id,
        arg_min(chantier_id, place_rank) filter (where chantier_id is not null) as chantier_id,
        arg_min(chantier_confidence, place_rank) filter (where chantier_id is not null) as chantier_confidence
    from placed
    group by lever_id
)

select
    levers.lever_id,
    themes.theme_id,
    themes.theme_name_fr,
    chantiers.chantier_id,
    chantiers.chantier_name_fr,
    {{ label_fr('link_confidence', 'chosen.chantier_confidence') }} as chantier_confidence_fr
from {{ ref('dim_lever') }} as levers
left join chosen on levers.lever_id = chosen.lever_id
left join {{ ref('dim_theme') }} as themes on chosen.theme_id = themes.theme_id
left join {{ ref('dim_chantier') }} as chantiers on chosen.chantier_id = chantiers.chantier_id
