select
    snapshots.snapshot_id,
    snapshots.dataset_id,
    snapshots.file_name,
    snapshots.url,
    snapshots.origin,
    snapshots.sha256,
    snapshots.bytes,
    snapshots.retrieved_at,
    snapshots.vintage,
    datasets.licence,
    datasets.attribution
from {{ ref('stg_leviers__snapshots') }} as snapshots
inner join {{ ref('stg_leviers__datasets') }} as datasets on snapshots.dataset_id = datasets.dataset_id
