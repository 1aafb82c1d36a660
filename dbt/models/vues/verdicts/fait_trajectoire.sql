{{ config(tags=['star']) }}
{% set largest -%}
greatest(
            abs(verdicts.start_value),
            abs(verdicts.latest_value),
            abs(verdicts.path_value),
            abs(verdicts.target_value)
        )
{%- endset %}
select
    {{ lever_and_territory_columns('trajectories') }},
    trajectories.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    {{ scale_columns(largest, 'verdicts.latest_value', 'verdicts.path_value') }},
    verdicts.basis as base,
    verdicts.basis_label_fr as base_libelle,
    verdicts.start_year as annee_depart,
    verdicts.start_value as valeur_depart,
    verdicts.start_label_fr as depart_libelle,
    verdicts.target_year as annee_visee,
    trajectories.target_value as valeur_visee,
    verdicts.path_rule as regle_cible,
    {{ label_fr('path_rule', 'verdicts.path_rule') }} as regle_cible_libelle,
    verdicts.national_part as part_nationale,
    verdicts.national_change as evolution_nationale,
    strategies.strategy_fr as strategie,
    verdicts.pace_observed as rythme_observe,
    verdicts.pace_required as rythme_necessaire,
    verdicts.smoothing_years as lissage_annees,
    case
        when verdicts.climate_correction <> 'none' then verdicts.climate_correction_label_fr
    end as correction_climat_libelle,
    verdicts.joint_with as serie_commune_avec,
    trajectories.year as annee,
    trajectories.observed_value as valeur_observee,
    trajectories.compared_value as valeur_comparee,
    trajectories.path_value as valeur_attendue,
    trajectories.uncertainty as incertitude,
    trajectories.way_done as part_faite,
    trajectories.way_due as part_attendue,
    trajectories.is_extended as est_prolongee,
    trajectories.no_extension_code as sans_prolongement_code,
    trajectories.no_extension_fr as sans_prolongement,
    trajectories.extended_value as valeur_prolongee,
    trajectories.extended_low as prolongement_bas,
    trajectories.extended_high as prolongement_haut,
    trajectories.shortfall as manque,
    trajectories.arrival_year as annee_atteinte,
    trajectories.arrival_year_earliest as annee_atteinte_au_plus_tot,
    trajectories.arrival_year_latest as annee_atteinte_au_plus_tard
from {{ ref('fct_lever_trajectory') }} as trajectories
inner join {{ ref('fct_lever_verdict') }} as verdicts
    on {{ same_line('trajectories', 'verdicts') }}
{{ join_lever_and_territory('trajectories') }}
inner join {{ ref('dim_indicator') }} as indicators on trajectories.indicator_id = indicators.indicator_id
{{ join_scale(largest) }}
left join {{ ref('bridge_verdict_national_target') }} as strategies
    on {{ same_rule('verdicts', 'strategies') }}
where trajectories.is_shown
