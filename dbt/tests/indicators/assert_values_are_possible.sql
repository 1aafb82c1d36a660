{{ config(severity='warn') }}
-- Impossible values of fct_series_anomaly: left out where they would mislead, and to be reported to their
-- producer.
select
    indicator_id,
    territory_level,
    territory_code,
    year,
    kind
from {{ ref('fct_series_anomaly') }}
where is_impossible
