-- A territory in numbers.
select
    territoire_id,
    leviers,
    leviers_mesures,
    juges,
    secteur_premier,
    secteur_second,
    rapport_min,
    rapport_max
from vues.fait_resume
order by territoire_id
