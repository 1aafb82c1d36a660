select
    document_id,
    region_code,
    kind,
    title_fr,
    publisher,
    url,
    dated,
    {{ label_fr('regional_document', 'kind') }} as kind_label_fr
from {{ ref('regional_documents') }}
