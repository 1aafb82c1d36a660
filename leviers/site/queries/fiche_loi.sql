-- What the law asks of a territory, or asks on a condition.
select
    territoire_id,
    obligation,
    reponse,
    article
from vues.fait_obligation
where reponse in ('applies', 'on_condition')
order by territoire_id, ordre
