-- Results from share-alike data and other data together would have to be under their licence. So share-alike
-- data are published as they are, each row under its dataset. They give no ratio, no part of a target, no
-- measure of a lever and no verdict.
with share_alike as (
    select indicators.indicator_id
    from {{ ref('indicators') }} as indicators
    inner join {{ ref('stg_leviers__datasets') }} as datasets on indicators.dataset_id = datasets.dataset_id
    where datasets.share_alike
),

uses as (
    select
        indicator_id as used_by,
        unnest([numerator_id, denominator_id]) as indicator_id
    from {{ ref('indicators') }}
    union all
    select
        lever_id as used_by,
        unnest([indicator_id, spread_indicator_id]) as indicator_id
    from {{ ref('lever_allocation_keys') }}
    union all
    select
        lever_id as used_by,
        indicator_id
    from {{ ref('lever_indicators') }}
    where role <> 'context'
    union all
    select
        lever_id as used_by,
        indicator_id
    from {{ ref('verdict_rules') }}
    union all
    select
        indicator_id as used_by,
        term_indicator_id as indicator_id
    from {{ ref('composed_series') }}
)

select
    uses.used_by,
    uses.indicator_id
from uses
semi join share_alike on uses.indicator_id = share_alike.indicator_id
