-- A part is derived from its key: a dataset that is not republished gives none.
select
    listed.lever_id,
    indicators.indicator_id,
    datasets.dataset_id
from {{ ref('lever_allocation_keys') }} as listed
inner join {{ ref('indicators') }} as indicators
    on indicators.indicator_id in (listed.indicator_id, listed.spread_indicator_id)
inner join {{ ref('stg_leviers__datasets') }} as datasets on indicators.dataset_id = datasets.dataset_id
where not datasets.republish
