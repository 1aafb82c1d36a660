select
    contours.territory_level,
    contours.territory_code,
    contours.geometry,
    {{ dataset_of('contours.snapshot_id') }} as dataset_id,
    contours.snapshot_id
from {{ ref('int_contours_simplified') }} as contours
semi join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('contours', 'territories') }}
