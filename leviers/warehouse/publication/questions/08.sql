-- Que dit la page d'un territoire, et pourquoi un levier n'est-il pas jugé ?
-- Réponse : Les lignes de la page, mot pour mot : la page, les exports et le terminal lisent cette table.
--   `raison` dit pourquoi un levier n'est pas jugé.
-- Piège : Écrire « en retard » de tout écart négatif jugerait ce que les doutes empêchent de juger :
--   `lecture` en tient compte.
select
    levier,
    lecture,
    lecture_libelle,
    tendance_libelle,
    indicateur,
    base_libelle,
    raison,
    confiance
from vues.fait_lecture
where territoire_id = 'epci:243100518'
order by lecture, levier
