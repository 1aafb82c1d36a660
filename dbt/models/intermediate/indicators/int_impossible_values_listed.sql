with impossible as (
    select distinct
        indicator_id,
        territory_level,
        territory_code,
        year
    from {{ ref('int_anomalies_detected') }}
    where is_impossible
)

-- A ratio is no truer than what it divides.
select
    indicator_id,
    territory_level,
    territory_code,
    year
from impossible
union
select
    indicators.indicator_id,
    impossible.territory_level,
    impossible.territory_code,
    impossible.year
from {{ ref('indicators') }} as indicators
inner join impossible on impossible.indicator_id in (indicators.numerator_id, indicators.denominator_id)
