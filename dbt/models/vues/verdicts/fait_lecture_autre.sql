select
    {{ lever_and_territory_columns('verdicts') }},
    verdicts.judges as porte_sur,
    {{ reading_columns() }}
from {{ ref('fct_lever_verdict') }} as verdicts
{{ join_lever_and_territory('verdicts') }}
left join {{ ref('dim_indicator') }} as indicators on verdicts.indicator_id = indicators.indicator_id
where
    not verdicts.is_shown
    and verdicts.judges <> 'group'
    and {{ is_lever_of_territory() }}
