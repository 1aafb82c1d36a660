-- Changes of the last publication, series by series.
select
    changes.indicateur,
    changes.jeu,
    changes.valeurs_ajoutees,
    changes.valeurs_revisees,
    changes.valeurs_retirees,
    changes.plus_forte_revision_pct,
    changes.premiere_annee,
    changes.derniere_annee,
    changes.a_de_nouveaux_fichiers
from vues.fait_changement as changes
where
    changes.publie_le = (select max(latest.publie_le) from vues.fait_changement as latest)
    and changes.indicateur_id is not null
order by
    changes.valeurs_ajoutees + changes.valeurs_revisees + changes.valeurs_retirees desc,
    changes.indicateur,
    changes.jeu asc
