select
    kind,
    kind_label_fr,
    indicator_id,
    territory_level,
    territory_code,
    year,
    compared_indicator_id,
    value,
    null as compared_value,
    is_impossible as is_set_aside,
    reason
from {{ ref('fct_series_anomaly') }}
union all
select
    'territory_break' as kind,
    {{ label_fr('finding_kind', "'territory_break'") }} as kind_label_fr,
    indicator_id,
    territory_level,
    territory_code,
    break_year as year,
    null as compared_indicator_id,
    null as value,
    null as compared_value,
    false as is_set_aside,
    reason
from {{ ref('fct_territory_break') }}
union all
select
    'series_break' as kind,
    {{ label_fr('finding_kind', "'series_break'") }} as kind_label_fr,
    indicator_id,
    null as territory_level,
    null as territory_code,
    break_year as year,
    null as compared_indicator_id,
    null as value,
    null as compared_value,
    false as is_set_aside,
    reason
from {{ ref('fct_series_break') }}
union all
select
    case when is_incomplete then 'incomplete_year' else 'short_year' end as kind,
    {{ label_fr('finding_kind', "case when is_incomplete then 'incomplete_year' else 'short_year' end") }}
        as kind_label_fr,
    indicator_id,
    null as territory_level,
    null as territory_code,
    year,
    null as compared_indicator_id,
    value_sum as value,
    value_sum_before as compared_value,
    is_incomplete as is_set_aside,
    reason
from {{ ref('fct_partial_year') }}
union all
select
    'disagreement' as kind,
    {{ label_fr('finding_kind', "'disagreement'") }} as kind_label_fr,
    indicator_id,
    territory_level,
    territory_code,
    year,
    compared_indicator_id,
    published_value as value,
    rolled_up_value as compared_value,
    false as is_set_aside,
    tolerance_reason as reason
from {{ ref('fct_reconciliation') }}
where is_beyond_tolerance
