-- The series of a verdict is in the table and the coverage of its lever, or of a lever judged with it;
-- one of another perimeter is at least its context, and one of a group only is of none.
with judged as (
    select distinct
        rules.lever_id,
        rules.indicator_id,
        rules.covers,
        coalesce(composed.term_indicator_id, rules.indicator_id) as term_indicator_id,
        coalesce(members.lever_id, rules.lever_id) as measured_lever_id
    from {{ ref('verdict_rules') }} as rules
    left join {{ ref('composed_series') }} as composed
        on
            rules.indicator_id = composed.indicator_id
            and composed.role <> 'denominator'
    left join {{ ref('verdict_rules') }} as members on rules.group_id = members.group_id
    where rules.judges <> 'group'
)

select
    judged.lever_id,
    judged.indicator_id,
    judged.term_indicator_id
from judged
left join {{ ref('lever_indicators') }} as links
    on
        judged.measured_lever_id = links.lever_id
        and judged.term_indicator_id = links.indicator_id
        and (links.role = 'measure' or (judged.covers = 'other' and links.role = 'context'))
group by judged.lever_id, judged.indicator_id, judged.term_indicator_id
having count(links.lever_id) = 0
