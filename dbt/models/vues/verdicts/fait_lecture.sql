{{ config(tags=['star']) }}
select
    {{ lever_and_territory_columns('verdicts') }},
    {{ reading_columns() }},
    verdicts.gap_ktco2e as ecart_ktco2e
from {{ ref('fct_lever_verdict') }} as verdicts
{{ join_lever_and_territory('verdicts') }}
left join {{ ref('dim_indicator') }} as indicators on verdicts.indicator_id = indicators.indicator_id
where
    verdicts.is_shown
    and {{ is_lever_of_territory() }}
