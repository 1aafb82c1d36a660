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
    on documents.region_id is null or documents.region_id = territories.region_id
where territories.niveau <> 'commune'
order by territories.territoire_id asc, documents.region_id is null, documents.date_document desc
