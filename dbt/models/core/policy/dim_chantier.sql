select
    chantier_id,
    framework_version,
    theme_id,
    chantier_name_fr,
    alias_fr,
    source,
    confidence
from {{ ref('chantiers') }}
