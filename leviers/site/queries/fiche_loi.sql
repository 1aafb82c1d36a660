-- Obligations of a territory, conditional ones too.
select
    territoire_id,
    obligation,
    est_applicable,
    article
from vues.fait_obligation
where est_applicable is distinct from false
order by territoire_id, ordre
