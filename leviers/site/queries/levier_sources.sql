-- The files that the line of a lever comes from, those of its components if it is composed here.
select distinct
    levier_id,
    fichier_id
from vues.fait_serie_source
order by levier_id, fichier_id
