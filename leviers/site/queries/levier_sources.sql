-- The files behind the line of a lever; if it is composed here, the files of its components.
select distinct
    levier_id,
    fichier_id
from vues.fait_serie_source
order by levier_id, fichier_id
