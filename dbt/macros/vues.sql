{#- The rows of one theme in the view of the levers, all columns. -#}
{% macro levers_of_theme(theme_id) %}
select
    thematique_id,
    thematique,
    chantier,
    confiance_chantier,
    levier_id,
    levier,
    niveau,
    niveau_libelle,
    code_territoire,
    territoire,
    code_region,
    indicateur,
    unite,
    annee,
    date_derniere_valeur,
    valeur,
    nature_valeur,
    completude_pct,
    est_provisoire,
    horizon,
    cible_region_ktco2e,
    cible,
    unite_cible,
    nature_cible,
    part_indicative_ktco2e,
    part_indicative_pct,
    cle_indicative,
    cle_indicative_approchee,
    statut,
    statut_libelle,
    base,
    base_libelle,
    confiance,
    confiance_libelle,
    indicateur_juge,
    unite_jugee,
    annee_jugee,
    valeur_jugee,
    valeur_attendue,
    valeur_visee,
    rythme_observe,
    rythme_necessaire,
    ecart_ktco2e,
    nombre_engagements,
    fait_ou_prevu_ktco2e,
    nouvelle_ambition_ktco2e,
    motif,
    source_observation,
    remarque
from {{ ref('leviers') }}
where thematique_id = '{{ theme_id }}'
{% endmacro %}
{#- The one key of a territory for tools that take one column: its level and its code, such as epci:243400017. -#}
{% macro territory_id(level, code) %}{{ level }} || ':' || {{ code }}{% endmacro %}

{#- The lines of verdicts under the targets in force, of levers that apply in the territory; `which` keeps some of them. -#}
{% macro lever_readings(which) %}
select
    verdicts.lever_id as levier_id,
    levers.lever_name_fr as levier,
    {{ territory_id('verdicts.territory_level', 'verdicts.territory_code') }} as territoire_id,
    verdicts.territory_level as niveau,
    verdicts.territory_code as code_territoire,
    territories.name as territoire,
    {% if which == 'others' %}
    verdicts.judges as porte_sur,
    {% endif %}
    verdicts.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    verdicts.reading as lecture,
    verdicts.reading_label_fr as lecture_libelle,
    verdicts.lean as tendance,
    verdicts.lean_label_fr as tendance_libelle,
    verdicts.basis as base,
    verdicts.basis_label_fr as base_libelle,
    verdicts.decided_by as decide_par,
    verdicts.reason_code as raison_code,
    verdicts.reason as raison,
    verdicts.confidence as confiance,
    verdicts.latest_year as annee,
    verdicts.latest_value as valeur,
    verdicts.latest_published_value as valeur_publiee,
    verdicts.path_value as valeur_attendue,
    verdicts.target_value as valeur_visee,
    verdicts.gap as ecart,
    verdicts.uncertainty as incertitude,
    verdicts.way_done as part_faite,
    verdicts.way_due as part_attendue
    {% if which == 'shown' %}, verdicts.gap_ktco2e as ecart_ktco2e{% endif %}
from {{ ref('fct_lever_verdict') }} as verdicts
inner join {{ ref('dim_framework') }} as frameworks
    on
        verdicts.framework_version = frameworks.framework_version
        and frameworks.is_target_version
inner join {{ ref('dim_lever') }} as levers on verdicts.lever_id = levers.lever_id
inner join {{ ref('dim_territory') }} as territories
    on
        verdicts.territory_level = territories.territory_level
        and verdicts.territory_code = territories.territory_code
left join {{ ref('dim_indicator') }} as indicators on verdicts.indicator_id = indicators.indicator_id
where
    {{ 'not ' if which == 'others' }}verdicts.is_shown
    and (
        not levers.is_quantified
        or exists (
            select 1
            from {{ ref('fct_lever_target') }} as targets
            where
                targets.lever_id = verdicts.lever_id
                and targets.framework_version = verdicts.framework_version
                and targets.territory_level = 'region'
                and targets.territory_code = coalesce(territories.region_code, territories.territory_code)
        )
    )
{% endmacro %}
