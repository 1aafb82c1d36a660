-- What is asked of a territory, by reading and lean.
select
    territoire_id,
    lecture,
    tendance,
    sum(demande_ktco2e)::double as demande_ktco2e,
    sum(nombre_leviers)::integer as leviers,
    sum(au_moins_ktco2e)::double as au_moins_ktco2e
from vues.fait_demande
group by all
order by all
