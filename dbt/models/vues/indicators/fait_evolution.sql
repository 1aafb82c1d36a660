{{ config(tags=['star']) }}

select
    {{ territory_columns('changes') }},
    changes.lever_id as levier_id,
    levers.lever_name_fr as levier,
    changes.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    changes.first_year as premiere_annee,
    changes.first_value as premiere_valeur,
    changes.previous_year as annee_precedente,
    changes.previous_value as valeur_precedente,
    changes.last_year as annee,
    changes.last_value as valeur,
    changes.last_change as variation,
    changes.relative_change as variation_relative,
    changes.turned_year as sens_depuis,
    changes.doubt_code as doute_code,
    changes.doubt_label_fr as doute,
    changes.is_to_check as est_a_verifier,
    changes.others_low as autres_bas,
    changes.others_high as autres_haut,
    changes.is_latest_of_lever as est_la_plus_recente,
    changes.snapshot_id as fichier_id
from {{ ref('fct_indicator_change') }} as changes
{{ join_territory('changes') }}
inner join {{ ref('dim_lever') }} as levers on changes.lever_id = levers.lever_id
inner join {{ ref('dim_indicator') }} as indicators on changes.indicator_id = indicators.indicator_id
