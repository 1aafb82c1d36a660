select
    domain,
    code,
    label_fr
from {{ ref('code_labels') }}
union all
select
    'decided_by' as domain,
    code,
    label_fr
from {{ ref('reading_rules') }}
