-- What the last publication changed, series by series.
select
    indicateur,
    jeu,
    valeurs_ajoutees,
    valeurs_revisees,
    valeurs_retirees,
    plus_forte_revision_pct,
    premiere_annee,
    derniere_annee,
    a_de_nouveaux_fichiers
from vues.fait_changement
where publie_le = (select max(publie_le) from vues.fait_changement) and indicateur_id is not null
order by valeurs_ajoutees + valeurs_revisees + valeurs_retirees desc, indicateur, jeu ASC
