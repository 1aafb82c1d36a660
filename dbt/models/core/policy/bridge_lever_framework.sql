-- The COP of 2023 groups levers by theme alone: the chantier is the one of 2022 that the lever is tied to.
with tied as (
    select * from {{ ref('lever_frameworks') }}
    where framework_version = 'FNV-2022'
)

select
    listed.lever_id,
    listed.framework_version,
    listed.theme_id,
    coalesce(listed.chantier_id, tied.chantier_id) as chantier_id,
    listed.official_name_fr,
    listed.alias_fr,
    listed.counterpart_lever_id,
    listed.source,
    listed.confidence,
    if(listed.chantier_id is null, tied.confidence, listed.confidence) as chantier_confidence
from {{ ref('lever_frameworks') }} as listed
left join tied
    on
        listed.lever_id = tied.lever_id
        and listed.framework_version = 'COP-2023'
