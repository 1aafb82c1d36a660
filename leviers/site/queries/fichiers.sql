-- The files that values come from, each with its licence.
select
    fichier_id,
    source,
    page_du_jeu,
    fichier,
    empreinte_sha256,
    recupere_le,
    licence,
    adresse_licence
from vues.fait_source
order by source, fichier
