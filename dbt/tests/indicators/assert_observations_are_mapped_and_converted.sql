-- An observation whose indicator is not in the seed, or whose unit has no conversion, would be lost.
select
    staged.indicator_id,
    staged.source_unit,
    indicators.unit,
    count(*) as rows_lost
from {{ ref('int_observations_unioned') }} as staged
left join {{ ref('indicators') }} as indicators on staged.indicator_id = indicators.indicator_id
left join {{ ref('conversions') }} as conversions
    on
        staged.source_unit = conversions.from_unit
        and indicators.unit = conversions.to_unit
where
    (staged.indicator_id is not null and indicators.indicator_id is null)
    or (staged.source_unit <> indicators.unit and conversions.factor is null)
group by staged.indicator_id, staged.source_unit, indicators.unit
