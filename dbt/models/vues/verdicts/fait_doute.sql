select
    {{ lever_and_territory_columns('doubts') }},
    doubts.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    doubts.basis as base,
    verdicts.basis_label_fr as base_libelle,
    verdicts.is_shown as est_affiche,
    doubts.code as doute_code,
    doubts.sentence_fr as doute,
    doubts.weakens as affaiblit,
    doubts.weight as poids,
    doubts.moves_by as deplace_de,
    doubts.moves_by_share_of_gap as part_de_l_ecart,
    doubts.is_reason as est_la_raison
from {{ ref('fct_verdict_doubt') }} as doubts
inner join {{ ref('fct_lever_verdict') }} as verdicts
    on {{ same_line('doubts', 'verdicts') }}
{{ join_lever_and_territory('doubts') }}
inner join {{ ref('dim_indicator') }} as indicators on doubts.indicator_id = indicators.indicator_id
