select
    framework_version,
    name_fr,
    publisher,
    published_year,
    content_fr,
    is_target_version,
    source
from {{ ref('frameworks') }}
