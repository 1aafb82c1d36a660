-- A source counts the same gases and scopes on all its rows, comes from one dataset and is that dataset's
-- only source: rows of one source may be read together, rows of two may not.
select
    sources.source_name as name,
    'a source of several perimeters' as problem
from {{ ref('emission_sources') }} as sources
inner join {{ ref('indicators') }} as indicators on sources.indicator_id = indicators.indicator_id
group by sources.source_name
having
    count(distinct indicators.dataset_id) > 1
    or count(distinct indicators.unit) > 1
    or count(distinct sources.gases_fr) > 1
    or count(distinct sources.scope_fr) > 1
union all
select
    indicators.dataset_id as name,
    'a dataset of several sources' as problem
from {{ ref('emission_sources') }} as sources
inner join {{ ref('indicators') }} as indicators on sources.indicator_id = indicators.indicator_id
group by indicators.dataset_id
having count(distinct sources.source_name) > 1
