-- The communes whose EPCI has a page.
select
    communes.code_territoire as code,
    communes.epci_id
from vues.dim_territoire as communes
semi join vues.fait_lecture as shown on communes.epci_id = shown.territoire_id
where communes.niveau = 'commune'
