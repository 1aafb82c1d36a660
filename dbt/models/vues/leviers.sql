select
    levers.thematique_id,
    objectives.thematique,
    levers.chantier,
    levers.confiance_chantier,
    objectives.levier_id,
    objectives.levier,
    objectives.niveau,
    territories.level_label_fr as niveau_libelle,
    objectives.code_territoire,
    objectives.territoire,
    split_part(objectives.region_id, ':', 2) as code_region,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    observed.latest_year as annee,
    observed.latest_date as date_derniere_valeur,
    observed.latest_value as valeur,
    observed.value_status_label_fr as nature_valeur,
    observed.completeness_pct as completude_pct,
    observed.is_provisional as est_provisoire,
    roadmap.horizon,
    allocation.cible_region_ktco2e,
    objectives.cible,
    objectives.unite_cible,
    objectives.nature_cible,
    allocation.part_indicative_ktco2e,
    allocation.part_indicative_pct,
    allocation.cle_indicative,
    allocation.est_approchee as cle_indicative_approchee,
    objectives.lecture as statut,
    objectives.lecture_libelle as statut_libelle,
    verdicts.basis as base,
    objectives.base_libelle,
    verdicts.confidence as confiance,
    verdicts.confidence_label_fr as confiance_libelle,
    objectives.indicateur as indicateur_juge,
    objectives.unite as unite_jugee,
    objectives.annee as annee_jugee,
    objectives.valeur_comparee as valeur_jugee,
    objectives.valeur_attendue,
    objectives.valeur_visee,
    verdicts.pace_observed as rythme_observe,
    verdicts.pace_required as rythme_necessaire,
    verdicts.gap_ktco2e as ecart_ktco2e,
    roadmap.nombre_engagements,
    roadmap.fait_ou_prevu_ktco2e,
    roadmap.nouvelle_ambition_ktco2e,
    coalesce(objectives.raison, observed.reason) as motif,
    datasets.attribution as source_observation,
    parts.remark as remarque
from {{ ref('cop_objectifs') }} as objectives
inner join {{ ref('dim_levier') }} as levers on objectives.levier_id = levers.levier_id
inner join {{ ref('dim_territory') }} as territories
    on
        objectives.niveau = territories.territory_level
        and objectives.code_territoire = territories.territory_code
inner join {{ ref('cop_ventilation') }} as allocation
    on
        objectives.levier_id = allocation.levier_id
        and objectives.territoire_id = allocation.territoire_id
        and objectives.region_id = allocation.region_id
inner join {{ ref('fct_lever_part') }} as parts
    on
        objectives.levier_id = parts.lever_id
        and objectives.niveau = parts.territory_level
        and objectives.code_territoire = parts.territory_code
        and objectives.region_id = {{ territory_id("'region'", 'parts.region_code') }}
inner join {{ ref('fct_lever_observation') }} as observed
    on
        parts.lever_id = observed.lever_id
        and parts.territory_level = observed.territory_level
        and parts.territory_code = observed.territory_code
        and parts.framework_version = observed.framework_version
inner join {{ ref('cop_feuille_de_route') }} as roadmap
    on
        parts.horizon_year = roadmap.horizon
        and objectives.levier_id = roadmap.levier_id
        and objectives.territoire_id = roadmap.territoire_id
        and objectives.region_id = roadmap.region_id
left join {{ ref('fct_lever_verdict') }} as verdicts
    on
        verdicts.is_shown
        and objectives.lecture is not null
        and objectives.levier_id = verdicts.lever_id
        and objectives.niveau = verdicts.territory_level
        and objectives.code_territoire = verdicts.territory_code
        and parts.framework_version = verdicts.framework_version
left join {{ ref('dim_indicator') }} as indicators on observed.indicator_id = indicators.indicator_id
left join {{ ref('dim_dataset') }} as datasets on observed.dataset_id = datasets.dataset_id
