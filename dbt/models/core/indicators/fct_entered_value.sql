select
    entered.indicator_id,
    entered.territory_level,
    entered.territory_code,
    entered.year,
    entered.value as entered_value,
    entered.source_unit as entered_unit,
    coalesce(indicator_values.is_entered, false) as is_used,
    case
        when indicator_values.is_entered then null
        when indicator_values.value is not null then 'Le producteur publie cette valeur : elle prime.'
        else 'L''indicateur ou le territoire n''est plus dans la liste.'
    end as reason,
    entered.source,
    entered.licence,
    entered.entered_at,
    entered.snapshot_id
from {{ ref('stg_leviers__entered_values') }} as entered
left join {{ ref('fct_indicator_value') }} as indicator_values
    on
        entered.indicator_id = indicator_values.indicator_id
        and {{ same_territory('entered', 'indicator_values') }}
        and entered.year = indicator_values.year
