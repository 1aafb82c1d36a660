{{ config(severity='warn') }}
-- A reading is older than the newest value of its series only where that is left out with a reason.
select
    verdicts.lever_id,
    verdicts.indicator_id,
    verdicts.basis,
    verdicts.territory_level,
    verdicts.territory_code,
    verdicts.latest_year,
    judged.year
from {{ ref('fct_lever_verdict') }} as verdicts
inner join {{ ref('fct_verdict_value') }} as judged
    on
        {{ same_series('verdicts', 'judged') }}
        and verdicts.latest_year < judged.year
where judged.left_out_because is null
