select
    documents.document_id,
    documents.kind as nature,
    documents.kind_label_fr as nature_libelle,
    documents.title_fr as titre,
    {{ territory_id("'region'", 'documents.region_code') }} as region_id,
    regions.name as region,
    documents.publisher as editeur,
    documents.dated as date_document,
    documents.url as adresse
from {{ ref('dim_regional_document') }} as documents
left join {{ ref('dim_territory') }} as regions
    on
        documents.region_code = regions.territory_code
        and regions.territory_level = 'region'
