-- Where the planning of the region of a territory is written.
select
    territories.territoire_id,
    documents.nature_libelle,
    documents.titre,
    documents.editeur,
    documents.date_document,
    documents.adresse
from vues.dim_document as documents
inner join vues.dim_territoire as territories
    on territories.region_id = documents.region_id or documents.region_id is null
where territories.niveau <> 'commune'
order by territories.territoire_id ASC, documents.region_id is null, documents.date_document desc
