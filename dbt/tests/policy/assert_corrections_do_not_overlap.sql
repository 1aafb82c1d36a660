select
    a.correction_id,
    b.correction_id as other_correction_id
from {{ ref('value_corrections') }} as a
inner join {{ ref('value_corrections') }} as b
    on
        a.correction_id < b.correction_id
        and a.indicator_id = b.indicator_id
        and a.year_from <= b.year_to
        and a.year_to >= b.year_from
        and coalesce(a.territory_code = b.territory_code, true)
        and a.kind in ('zero_is_missing', 'drop')
        and b.kind in ('zero_is_missing', 'drop')
