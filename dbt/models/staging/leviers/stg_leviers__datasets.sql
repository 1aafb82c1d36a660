select
    dataset_id,
    producer,
    title,
    licence,
    licence_url,
    attribution,
    homepage,
    grain,
    cadence,
    status,
    verified,
    verified_note,
    absent_means,
    lineage,
    republish,
    cog_year
from {{ source('raw_leviers', 'dataset') }}
