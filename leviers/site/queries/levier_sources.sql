-- The files that the line of a lever comes from, those of its components if it is composed here.
select distinct
    levier_id,
    jeu_id || '/' || fichier as fichier_du_jeu
from vues.fait_serie_source
order by all
