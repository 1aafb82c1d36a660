select
    domain,
    code,
    label_fr
from {{ ref('code_labels') }}
