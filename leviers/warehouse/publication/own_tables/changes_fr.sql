insert into published.vues.fait_changement by name
select
    publications.publication_id,
    publications.published_at as publie_le,
    case
        when publications.previous_publication_id is null then 'première publication'
        when changes.publication_id is null then 'aucune valeur n''a changé'
        else 'des valeurs ont changé'
    end as constat,
    changes.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    changes.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    changes.values_added as valeurs_ajoutees,
    changes.values_restated as valeurs_revisees,
    changes.values_withdrawn as valeurs_retirees,
    changes.largest_restatement_pct as plus_forte_revision_pct,
    changes.first_year as premiere_annee,
    changes.last_year as derniere_annee,
    changes.has_new_files as a_de_nouveaux_fichiers
from published.marts.fct_publication as publications
left join published.marts.fct_change as changes on publications.publication_id = changes.publication_id
left join published.marts.dim_dataset as datasets on changes.dataset_id = datasets.dataset_id
left join published.marts.dim_indicator as indicators on changes.indicator_id = indicators.indicator_id
