with datasets as (
    select * from {{ source('raw_leviers', 'dataset') }}
)

select
    dataset_id,
    absent_means
from datasets
