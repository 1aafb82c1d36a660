select
    siren as grouping_code,
    competence_code,
    snapshot_id
from {{ source('raw_dgcl', 'banatic_competence') }}
