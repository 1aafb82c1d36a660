-- A reading that concludes has no reason not to, and no other reading has a gap in ktCO2e. A line that is not
-- judged has no grade. An unsure line has its reason among its doubts.
select
    verdicts.lever_id,
    verdicts.indicator_id,
    verdicts.basis,
    verdicts.territory_level,
    verdicts.territory_code,
    verdicts.reading,
    verdicts.decided_by
from {{ ref('fct_lever_verdict') }} as verdicts
inner join {{ ref('reading_rules') }} as rules on verdicts.decided_by = rules.code
left join {{ ref('fct_verdict_doubt') }} as doubts
    on
        {{ same_line('verdicts', 'doubts') }}
        and doubts.is_reason
where
    verdicts.reading <> rules.reading
    or rules.concludes = (verdicts.reason_code is not null)
    or (not rules.concludes and verdicts.gap_ktco2e is not null)
    or (verdicts.reading = 'not_judged') <> (verdicts.confidence is null)
    or (verdicts.reading = 'unsure') <> (verdicts.lean is not null)
    or (verdicts.reading = 'unsure' and doubts.code is null)
