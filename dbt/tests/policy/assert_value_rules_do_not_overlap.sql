select
    a.indicator_id,
    a.year_from,
    b.year_from as other_year_from
from {{ ref('indicator_value_rules') }} as a
inner join {{ ref('indicator_value_rules') }} as b
    on
        a.indicator_id = b.indicator_id
        and a.year_from <= b.year_to
        and a.year_to >= b.year_from
        and (a.rule, a.year_from) <> (b.rule, b.year_from)
        and 'fewer_members' not in (a.rule, b.rule)
