{{ config(tags=['star']) }}
select
    {{ lever_and_territory_columns('verdicts') }},
    verdicts.group_id as groupe_id,
    {{ reading_columns() }},
    verdicts.gap_ktco2e as ecart_ktco2e,
    demands.asked_ktco2e as demande_ktco2e,
    demands.sure_shortfall_ktco2e as manque_sur_ktco2e
from {{ ref('fct_lever_verdict') }} as verdicts
{{ join_lever_and_territory('verdicts') }}
left join {{ ref('dim_indicator') }} as indicators on verdicts.indicator_id = indicators.indicator_id
left join {{ ref('fct_lever_demand') }} as demands
    on
        verdicts.lever_id = demands.lever_id
        and {{ same_territory('verdicts', 'demands') }}
        and verdicts.framework_version = demands.framework_version
where
    verdicts.is_shown
    and {{ is_lever_of_territory() }}
