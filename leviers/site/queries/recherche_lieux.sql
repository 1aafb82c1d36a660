-- Each territory with the one whose page it has, a commune that of its EPCI, the most populated first.
select
    territoire_id,
    territoire,
    niveau,
    niveau_libelle,
    code_territoire,
    type_juridique,
    split_part(departement_id, ':', 2) as code_departement,
    if(niveau = 'commune', coalesce(epci_id, departement_id), territoire_id) as page_id
from vues.dim_territoire
order by population desc nulls last, territoire_id asc
