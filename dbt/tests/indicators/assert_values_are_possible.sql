{{ config(severity='warn') }}
-- What fct_series_anomaly holds impossible: left out where it would mislead, and to be reported to its
-- producer.
select
    indicator_id,
    territory_level,
    territory_code,
    year,
    kind
from {{ ref('fct_series_anomaly') }}
where is_impossible
