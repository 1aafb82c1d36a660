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
    case when years.is_incomplete then 'incomplete_year' else 'short_year' end as kind,
    case
        when years.is_incomplete then {{ label_fr('finding_kind', "'incomplete_year'") }}
        else {{ label_fr('finding_kind', "'short_year'") }}
    end as kind_label_fr,
    years.indicator_id,
    null as territory_level,
    null as territory_code,
    years.year,
    null as compared_indicator_id,
    years.value_sum as value,
    years.value_sum_before as compared_value,
    years.is_incomplete as is_set_aside,
    years.reason
from {{ ref('fct_partial_year') }} as years
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
