select
    documents.document_id,
    documents.region_code,
    documents.kind,
    documents.title_fr,
    documents.publisher,
    documents.url,
    documents.dated,
    {{ label_fr('regional_document', 'documents.kind') }} as kind_label_fr
from {{ ref('regional_documents') }} as documents
