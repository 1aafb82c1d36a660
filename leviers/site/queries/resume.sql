-- A territory in numbers.
from vues.fait_resume
order by territoire_id
