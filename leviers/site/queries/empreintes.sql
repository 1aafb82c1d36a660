-- The columns of a file that differ with each edition.
select
    jeu_id || '/' || fichier as fichier_du_jeu,
    empreinte_sha256,
    recupere_le
from vues.fait_source
order by fichier_du_jeu
