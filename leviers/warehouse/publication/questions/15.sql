-- Qu'est-ce qui a changé entre deux éditions, et pourquoi ?
-- Réponse : Par publication, jeu et indicateur, les valeurs nouvelles, révisées ou retirées, et leur cause ;
--   les corrections déclarées sont dans `fait_correction`. `leviers diff` compare deux fichiers ligne à
--   ligne.
-- Piège : Un total qui bouge n'est pas une évolution du territoire : une révision de la source, elle, change
--   des années passées.
select
    publication_id,
    constat,
    jeu,
    indicateur,
    valeurs_ajoutees,
    valeurs_revisees,
    valeurs_retirees,
    premiere_annee,
    derniere_annee,
    case
        when a_de_nouveaux_fichiers then 'nouveaux fichiers'
        when jeu_id is not null then 'méthode ou correction'
    end as cause
from vues.fait_changement
order by publie_le desc, jeu, indicateur
