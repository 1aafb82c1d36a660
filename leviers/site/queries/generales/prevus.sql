-- The datasets that no reader is written for yet.
select
    jeu,
    source,
    licence,
    page_du_jeu,
    note
from vues.dim_jeu
where est_prevu
order by source, jeu_id
