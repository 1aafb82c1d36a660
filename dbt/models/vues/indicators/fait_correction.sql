select
    corrections.correction_id,
    coalesce(series.label_fr, corrections.source_key) as objet,
    {{ territory_id('corrections.territory_level', 'corrections.territory_code') }} as territoire_id,
    territories.name as territoire,
    corrections.dataset_id as jeu_id,
    corrections.indicator_id as indicateur_id,
    corrections.year_from as premiere_annee,
    corrections.year_to as derniere_annee,
    corrections.kind_label_fr as nature,
    corrections.received as recu,
    corrections.corrected as corrige,
    corrections.reason as motif,
    corrections.decided_on as decidee_le,
    corrections.reported_to_producer_label_fr as signalement,
    corrections.state_label_fr as etat,
    corrections.corrected_values as valeurs
from {{ ref('fct_correction') }} as corrections
left join {{ ref('dim_indicator') }} as series on corrections.indicator_id = series.indicator_id
left join {{ ref('dim_territory') }} as territories
    on {{ same_territory('corrections', 'territories') }}
