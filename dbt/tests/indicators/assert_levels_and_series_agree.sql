{{ config(severity='warn') }}
-- What fct_reconciliation finds beyond its tolerance: a difference between producers is shown, it blocks
-- nothing.
select
    indicator_id,
    compared_indicator_id,
    territory_level,
    territory_code,
    year
from {{ ref('fct_reconciliation') }}
where not is_within_tolerance
