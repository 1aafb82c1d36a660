-- The rows that were put aside, by dataset and reason.
select
    jeu_id,
    source,
    motif,
    lignes,
    exemple
from vues.fait_ligne_ecartee
order by lignes desc, jeu_id asc, motif asc
