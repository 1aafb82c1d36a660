select
    {{ lever_theme_and_territory_columns('roadmap') }},
    roadmap.horizon_year as horizon,
    roadmap.part_ktco2e as part_indicative_ktco2e,
    roadmap.asked_ktco2e as demande_ktco2e,
    roadmap.done_or_planned_ktco2e as fait_ou_prevu_ktco2e,
    roadmap.new_ambition_ktco2e as nouvelle_ambition_ktco2e,
    roadmap.done_or_planned_converted_ktco2e as fait_ou_prevu_converti_ktco2e,
    roadmap.new_ambition_converted_ktco2e as nouvelle_ambition_convertie_ktco2e,
    roadmap.ambition_gap_ktco2e as ecart_a_la_part_ktco2e,
    roadmap.asked_delta as demande_physique,
    roadmap.done_or_planned_delta as fait_ou_prevu_physique,
    roadmap.new_ambition_delta as nouvelle_ambition_physique,
    roadmap.new_levels as nouveaux_niveaux_vises,
    roadmap.physical_unit_label_fr as unite_physique,
    roadmap.commitment_count as nombre_engagements,
    roadmap.actions,
    roadmap.responsibles as responsables,
    roadmap.roadmaps as feuilles_de_route,
    roadmap.remark as remarque
from {{ ref('fct_lever_roadmap') }} as roadmap
{{ join_lever_theme_and_territory('roadmap') }}
