-- A comparison needs a target in the same unit or a conversion between the units; its absence needs a reason.
-- Population, areas and fuel sales of all sectors never measure a lever, but sales that levers are judged by
-- together.
select
    links.lever_id,
    links.indicator_id,
    links.role
from {{ ref('lever_indicators') }} as links
inner join {{ ref('indicators') }} as indicators on links.indicator_id = indicators.indicator_id
left join {{ ref('lever_target_units') }} as units on links.lever_id = units.lever_id
left join {{ ref('conversions') }} as conversions on links.formula = conversions.conversion
where
    case links.comparability
        when 'same_unit' then indicators.unit is distinct from units.unit or links.formula is not null
        when 'convertible'
            then
                indicators.unit is distinct from conversions.from_unit
                or units.unit is distinct from conversions.to_unit
        else links.reason_fr is null or links.formula is not null
    end
    or (
        links.role = 'measure'
        and (
            links.indicator_id in ('population', 'agricultural_area')
            or (
                starts_with(links.indicator_id, 'petroleum_')
                and links.indicator_id not in (
                    select rules.indicator_id from {{ ref('verdict_rules') }} as rules
                    where rules.basis = 'joint'
                )
            )
        )
    )
