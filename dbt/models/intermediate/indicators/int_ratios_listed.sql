-- `factor` converts the unit of numerator / denominator (`1` if they are the same) to the unit of the ratio.
select
    ratios.indicator_id,
    ratios.numerator_id,
    ratios.denominator_id,
    conversions.factor
from {{ ref('indicators') }} as ratios
inner join {{ ref('indicators') }} as numerators on ratios.numerator_id = numerators.indicator_id
inner join {{ ref('indicators') }} as denominators on ratios.denominator_id = denominators.indicator_id
inner join {{ ref('conversions') }} as conversions
    on
        if(numerators.unit = denominators.unit, '1', numerators.unit || '/' || denominators.unit)
        = conversions.from_unit
        and ratios.unit = conversions.to_unit
