-- The files that values come from, each with its licence.
select
    jeu_id || '/' || fichier as fichier_du_jeu,
    source,
    page_du_jeu,
    fichier,
    licence,
    adresse_licence
from vues.fait_source
order by source, fichier
