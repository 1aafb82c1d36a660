select
    bridge.lever_id,
    bridge.framework_version,
    bridge.chantier_id
from {{ ref('lever_frameworks') }} as bridge
inner join {{ ref('chantiers') }} as chantiers on bridge.chantier_id = chantiers.chantier_id
where bridge.framework_version <> chantiers.framework_version or bridge.theme_id <> chantiers.theme_id
