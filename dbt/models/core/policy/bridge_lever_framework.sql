select
    lever_id,
    framework_version,
    theme_id,
    chantier_id,
    official_name_fr,
    alias_fr,
    counterpart_lever_id,
    source,
    confidence
from {{ ref('lever_frameworks') }}
