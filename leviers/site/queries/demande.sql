-- Demand on a territory, by reading and lean, and what part of it has that reading.
select
    territoire_id,
    lecture,
    lecture_libelle,
    tendance,
    tendance_libelle,
    sum(demande_ktco2e)::double as demande_ktco2e,
    sum(nombre_leviers)::integer as leviers,
    sum(au_moins_ktco2e)::double as au_moins_ktco2e,
    coalesce(
        sum(sum(demande_ktco2e)) over (partition by territoire_id, lecture)
        / nullif(sum(sum(demande_ktco2e)) over (partition by territoire_id), 0), 0
    )::double as part_de_la_lecture
from vues.fait_demande
group by territoire_id, lecture, lecture_libelle, tendance, tendance_libelle
order by all
