select
    datasets.dataset_id,
    datasets.producer,
    datasets.title,
    datasets.licence,
    datasets.licence_url,
    datasets.share_alike,
    datasets.attribution,
    datasets.homepage,
    datasets.grain,
    datasets.cadence,
    datasets.status,
    datasets.retired_since,
    datasets.retired_evidence,
    datasets.verified,
    datasets.verified_note,
    datasets.absent_means,
    datasets.lineage,
    datasets.republish,
    loads.loaded_rows,
    loads.quarantined_rows,
    loads.warnings
from {{ ref('stg_leviers__datasets') }} as datasets
inner join {{ ref('stg_leviers__dataset_loads') }} as loads on datasets.dataset_id = loads.dataset_id
