-- Beside a verdict, what another comparison says of the lever would contradict it; and what concludes has no
-- reason not to.
select
    verdicts.levier_id,
    verdicts.niveau,
    verdicts.code_territoire,
    verdicts.motif_code,
    leviers.motif
from {{ ref('leviers') }} as leviers
inner join {{ ref('verdicts') }} as verdicts
    on
        leviers.levier_id = verdicts.levier_id
        and leviers.niveau = verdicts.niveau
        and leviers.code_territoire = verdicts.code_territoire
        and verdicts.est_affiche
where
    leviers.statut is not null
    and (
        leviers.motif is distinct from verdicts.motif
        or (verdicts.est_favorable is null) <> (verdicts.motif_code is not null)
    )
