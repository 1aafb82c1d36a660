select
    {{ lever_and_territory_columns('variants') }},
    variants.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    variants.basis as base,
    verdicts.basis_label_fr as base_libelle,
    verdicts.is_shown as est_affiche,
    variants.kind as mode_lecture,
    variants.kind_label_fr as mode_libelle,
    variants.start_year as annee_depart,
    variants.start_value as valeur_depart,
    variants.end_year as annee,
    variants.end_value as valeur,
    variants.path_value as valeur_attendue,
    variants.gap as ecart,
    variants.moves_away_by as s_eloigne_de,
    variants.is_main as est_retenu
from {{ ref('fct_verdict_variant') }} as variants
inner join {{ ref('fct_lever_verdict') }} as verdicts
    on {{ same_line('variants', 'verdicts') }}
{{ join_lever_and_territory('variants') }}
inner join {{ ref('dim_indicator') }} as indicators on variants.indicator_id = indicators.indicator_id
