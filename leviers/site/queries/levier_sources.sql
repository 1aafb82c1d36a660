-- The files behind the line of a lever; if it is composed here, the files of its components.
select distinct
    levier_id,
    jeu_id || '/' || fichier as fichier_du_jeu
from vues.fait_serie_source
where fichier is not null
order by all
