-- One row for each dataset and indicator that changed; one row if none did.
insert into published.vues.fait_changement by name
select
    $publication_id as publication_id,
    $published_at as publie_le,
    case
        when $previous is null then 'première publication'
        when changed.dataset_id is null then 'aucune valeur n''a changé'
        else 'des valeurs ont changé'
    end as constat,
    changed.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    changed.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    changed.values_added as valeurs_ajoutees,
    changed.values_restated as valeurs_revisees,
    changed.values_withdrawn as valeurs_retirees,
    changed.largest_restatement_pct as plus_forte_revision_pct,
    changed.first_year as premiere_annee,
    changed.last_year as derniere_annee,
    changed.has_new_files as a_de_nouveaux_fichiers
from (select 1) as this
left join changed on true
left join published.marts.dim_dataset as datasets on changed.dataset_id = datasets.dataset_id
left join published.marts.dim_indicator as indicators on changed.indicator_id = indicators.indicator_id
order by changed.dataset_id, changed.indicator_id
