-- Demand on a territory, by reading and lean.
select
    territoire_id,
    lecture,
    lecture_libelle,
    tendance,
    tendance_libelle,
    sum(demande_ktco2e)::double as demande_ktco2e,
    sum(nombre_leviers)::integer as leviers,
    sum(au_moins_ktco2e)::double as au_moins_ktco2e
from vues.fait_demande
group by territoire_id, lecture, lecture_libelle, tendance, tendance_libelle
order by all
