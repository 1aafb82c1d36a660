-- How many levers are measured in the territories of each level.
select
    niveau,
    count(*) as territoires,
    min(leviers_mesures) as au_moins,
    max(leviers_mesures) as au_plus,
    max(leviers) as leviers
from vues.fait_resume
group by all
order by niveau
