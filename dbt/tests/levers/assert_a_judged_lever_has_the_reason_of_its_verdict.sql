-- Beside a verdict, what another comparison says of the lever would contradict it.
select
    levier_id,
    niveau,
    code_territoire,
    statut,
    motif
from {{ ref('leviers') }}
where statut is not null and (statut = 'not_judged') <> (motif is not null)
