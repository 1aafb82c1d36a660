-- Quelles valeurs sont douteuses, et pourquoi ?
-- Réponse : Anomalies, ruptures, années incomplètes, écarts avec ce qui devrait être égal. Une valeur écartée
--   ne compte ni dans une lecture, ni dans une clé, ni comme dernière valeur.
-- Piège : Une valeur `écartée` reste dans `fait_observation` : qui ne filtre pas `est_utilisable` la compte.
select
    constat_libelle as constat,
    indicateur,
    territoire,
    annee,
    valeur,
    valeur_comparee,
    unite,
    est_ecartee,
    motif
from vues.fait_qualite
where niveau in ('region', 'departement') or niveau is null
order by constat, indicateur, territoire, annee
