-- The publications, the last one first.
from marts.fct_publication
order by published_at desc
