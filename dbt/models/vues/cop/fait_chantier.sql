{{ config(tags=['star']) }}

-- A territory of two regions has the targets of the one where most of its people live.
select
    progress.group_id as chantier_id,
    progress.group_name_fr as chantier,
    {{ territory_columns('progress') }},
    {{ territory_id("'region'", 'progress.region_code') }} as region_id,
    progress.lever_count as leviers,
    progress.judged_lever_count as leviers_juges,
    progress.target_origin_label_fr as origine_cible_libelle,
    progress.target_ktco2e as demande_ktco2e,
    progress.territory_target_share_pct as part_du_territoire_pct,
    progress.regional_target_share_pct as part_de_la_region_pct,
    progress.judged_target_share_pct as part_jugee_pct,
    progress.done_or_planned_ktco2e as fait_ou_prevu_ktco2e,
    progress.worst_gap_lever_id as levier_plus_en_retard_id,
    worst.short_name_fr as levier_plus_en_retard,
    progress.worst_gap_ktco2e as ecart_du_plus_en_retard_ktco2e,
    progress.tie_confidence_label_fr as confiance_rattachement,
    progress.remark as remarque
from {{ ref('fct_chantier_progress') }} as progress
{{ join_framework_in_force('progress') }}
{{ join_territory('progress', in_scope=true) }}
left join {{ ref('dim_lever') }} as worst on progress.worst_gap_lever_id = worst.lever_id
where progress.group_kind = 'chantier'
qualify row_number() over (
    partition by progress.group_id, territoire_id
    order by coalesce(progress.region_code = territories.region_code, false) desc, progress.region_code asc
) = 1
