insert into published.marts.fct_change by name
select
    $publication_id as publication_id,
    $previous as previous_publication_id,
    changed.*
from changed
order by dataset_id, indicator_id
