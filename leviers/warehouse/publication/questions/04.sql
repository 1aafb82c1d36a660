-- Quelle part de ce que l'État demande est jugée, et comment ?
-- Réponse : Ce que l'État demande pour 2030, divisé sans reste par lecture, tendance et raison de ne pas
--   juger : la somme de ses leviers, dont ceux que son outil masque (`est_masquee`).
-- Piège : Compter les leviers ferait peser un petit autant qu'un grand : c'est ce qui est demandé qui se
--   compte.
select
    lecture_libelle as lecture,
    tendance_libelle as tendance,
    raison_code,
    est_masquee,
    nombre_leviers,
    round(demande_ktco2e, 1) as demande_ktco2e,
    round(100 * demande_ktco2e / sum(demande_ktco2e) over (), 1) as part_pct,
    leviers
from vues.fait_demande
where territoire_id = 'region:76'
order by demande_ktco2e desc
