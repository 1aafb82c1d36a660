-- The corrections that are declared, applied or not.
select
    coalesce(series.indicateur, corrections.source_key) as objet,
    territories.name as territoire,
    corrections.dataset_id as jeu_id,
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
from quality.fct_correction as corrections
left join vues.dim_indicateur as series on corrections.indicator_id = series.indicateur_id
left join marts.dim_territory as territories using (territory_level, territory_code)
order by corrections.correction_id
