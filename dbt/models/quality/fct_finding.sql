with findings as (
    select
        kind,
        kind_label_fr,
        indicator_id,
        territory_level,
        territory_code,
        year,
        compared_indicator_id,
        value,
        is_impossible as is_set_aside,
        reason
    from {{ ref('fct_series_anomaly') }}
    union all by name
    select
        'territory_break' as kind,
        indicator_id,
        territory_level,
        territory_code,
        break_year as year,
        reason
    from {{ ref('fct_territory_break') }}
    union all by name
    select
        'series_break' as kind,
        indicator_id,
        break_year as year,
        reason
    from {{ ref('fct_series_break') }}
    union all by name
    select
        case when is_incomplete then 'incomplete_year' else 'short_year' end as kind,
        indicator_id,
        year,
        value_sum as value,
        value_sum_before as compared_value,
        is_incomplete as is_set_aside,
        reason
    from {{ ref('fct_partial_year') }}
    union all by name
    select
        'disagreement' as kind,
        indicator_id,
        territory_level,
        territory_code,
        year,
        compared_indicator_id,
        published_value as value,
        rolled_up_value as compared_value,
        tolerance_reason as reason
    from {{ ref('fct_reconciliation') }}
    where is_beyond_tolerance
)

select
    kind,
    coalesce(kind_label_fr, {{ label_fr('finding_kind', 'findings.kind') }}) as kind_label_fr,
    indicator_id,
    territory_level,
    territory_code,
    year,
    compared_indicator_id,
    value,
    compared_value,
    coalesce(is_set_aside, false) as is_set_aside,
    reason
from findings
