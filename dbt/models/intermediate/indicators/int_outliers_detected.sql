with selected as (
    {{ values_of_sums() }}
),

jumps as (
    select * from {{ ref('int_sum_jumps_detected') }}
    union all by name
    select * from {{ ref('int_rate_jumps_detected') }}
),

outliers as (
    select * from jumps
    union all by name
    select zeros.*
    from {{ ref('int_zeros_detected') }} as zeros
    anti join jumps
        on {{ same_value('zeros', 'jumps') }}
),

coats as (
    select
        indicator_id,
        label_fr,
        coalesce(same_series_as, indicator_id) as series_id
    from {{ ref('indicators') }}
),

-- An outlier of a series is one in every coat of it.
shared as (
    select
        selected.indicator_id,
        selected.territory_level,
        selected.territory_code,
        selected.year,
        outliers.kind,
        selected.value,
        outliers.expected_low * selected.value / nullif(outliers.value, 0) as expected_low,
        outliers.expected_high * selected.value / nullif(outliers.value, 0) as expected_high,
        outliers.indicator_id as compared_indicator_id,
        outliers.is_impossible,
        'La même série que « ' || originals.label_fr || ' ». ' || outliers.reason as reason
    from outliers
    inner join coats as originals on outliers.indicator_id = originals.indicator_id
    inner join coats
        on
            originals.series_id = coats.series_id
            and originals.indicator_id <> coats.indicator_id
    inner join selected
        on
            coats.indicator_id = selected.indicator_id
            and {{ same_territory('outliers', 'selected') }}
            and outliers.year = selected.year
    anti join outliers as own
        on {{ same_value('selected', 'own') }}
)

select
    indicator_id,
    territory_level,
    territory_code,
    year,
    kind,
    value,
    expected_low,
    expected_high,
    compared_indicator_id,
    is_impossible,
    reason
from outliers
union all by name
select * from shared
