{{ config(materialized='kept_view') }}
select cast(midnights.midnight as date) as calendar_day
from generate_series(date '1980-01-01', date '2050-12-31', interval 1 day) as midnights (midnight)
