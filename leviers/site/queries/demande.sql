-- Demand on a territory, by reading and lean: all of it, what the State's tool shows, and what part has that reading.
select
    territoire_id,
    lecture,
    lecture_libelle,
    tendance,
    tendance_libelle,
    sum(demande_ktco2e)::double as demande_ktco2e,
    sum(nombre_leviers)::integer as leviers,
    coalesce(sum(demande_ktco2e) filter (where not est_masquee), 0)::double as affichee_ktco2e,
    coalesce(
        sum(sum(demande_ktco2e)) over (partition by territoire_id, lecture)
        / nullif(sum(sum(demande_ktco2e)) over (partition by territoire_id), 0), 0
    )::double as part_de_la_lecture
from vues.fait_demande
group by territoire_id, lecture, lecture_libelle, tendance, tendance_libelle
order by all
