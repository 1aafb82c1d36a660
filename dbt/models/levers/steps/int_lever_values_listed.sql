select
    measures.lever_id,
    indicator_values.*
from {{ ref('fct_indicator_value') }} as indicator_values
inner join {{ ref('bridge_lever_indicator') }} as measures
    on indicator_values.indicator_id = measures.indicator_id and measures.role = 'measure'
