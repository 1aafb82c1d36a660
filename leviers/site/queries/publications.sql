-- The publications, the last one first.
select
    publication_id,
    publie_le,
    publication_precedente_id,
    contact,
    nombre_series,
    nombre_valeurs,
    valeurs_ajoutees,
    valeurs_revisees,
    valeurs_retirees
from vues.fait_publication
order by publie_le desc
