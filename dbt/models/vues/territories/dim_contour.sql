select
    {{ territory_columns('contours') }},
    contours.geometry as geometrie,
    contours.dataset_id as jeu_id,
    datasets.attribution as source,
    datasets.licence_label_fr as licence,
    contours.snapshot_id as fichier_id
from {{ ref('dim_territory_contour') }} as contours
{{ join_territory('contours') }}
inner join {{ ref('dim_dataset') }} as datasets on contours.dataset_id = datasets.dataset_id
