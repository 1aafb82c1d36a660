{{ config(severity='warn') }}
-- Differences of fct_reconciliation beyond its tolerance, lower bounds too: a difference between
-- producers is shown and blocks nothing.
select
    indicator_id,
    compared_indicator_id,
    territory_level,
    territory_code,
    year
from {{ ref('fct_reconciliation') }}
where is_beyond_tolerance
