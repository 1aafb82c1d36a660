{{ config(tags=['star']) }}

select
    {{ lever_and_territory_columns('trajectories') }},
    trajectories.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    trajectories.year as annee_visee,
    trajectories.target_value as valeur_visee,
    verdicts.path_rule as regle_cible,
    {{ label_fr('path_rule', 'verdicts.path_rule') }} as regle_cible_libelle,
    verdicts.national_part as part_nationale,
    verdicts.national_change as evolution_nationale,
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
    on
        {{ same_line('trajectories', 'verdicts') }}
        and trajectories.year = verdicts.target_year
{{ join_lever_and_territory('trajectories') }}
inner join {{ ref('dim_indicator') }} as indicators on trajectories.indicator_id = indicators.indicator_id
where trajectories.is_shown and verdicts.start_value is not null and verdicts.target_value is not null
