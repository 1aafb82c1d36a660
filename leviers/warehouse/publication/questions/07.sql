-- Quelles données étaient en retard à la publication ?
-- Réponse : Ce qui devrait être là, le plus en retard d'abord : deux cadences ont passé, une pour observer la
--   période suivante, une pour la publier, celle-ci d'un an au plus. Une cadence irrégulière ne promet rien.
-- Piège : L'âge du fichier reçu dirait tout à jour : c'est la période observée qui vieillit.
select
    jeu,
    source,
    cadence,
    derniere_periode_observee,
    prochaine_attendue_le
from vues.dim_jeu
where prochaine_attendue_le < (select max(publie_le)::date from vues.fait_publication)
order by prochaine_attendue_le, jeu
