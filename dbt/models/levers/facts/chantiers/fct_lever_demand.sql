with levers_judged as (
    {{ levers_judged() }}
),

-- An EPCI in two regions is asked its part of both. DECIMAL, so that the order of a sum does not matter.
levers_asked as (
    select
        lever_id,
        territory_level,
        territory_code,
        framework_version,
        horizon_year,
        any_value(reading) as reading,
        any_value(lean) as lean,
        any_value(sure_lag) filter (where is_behind) as sure_lag,
        any_value(reason_code) filter (where reading = 'not_judged') as reason_code,
        bool_or(is_masked) as is_masked,
        sum(cast(target_ktco2e as decimal(18, 6))) as asked_ktco2e
    from levers_judged
    where group_kind = 'all' and territory_level <> 'pays' and target_ktco2e is not null
    group by all
)

select
    levers_asked.lever_id,
    levers_asked.territory_level,
    levers_asked.territory_code,
    levers_asked.framework_version,
    levers_asked.horizon_year,
    cast(levers_asked.asked_ktco2e as decimal(18, 6)) as asked_ktco2e,
    if(levers_asked.territory_level = 'region', 'state', 'indicative') as target_origin,
    levers_asked.is_masked,
    levers_asked.reading,
    levers_asked.lean,
    levers_asked.sure_lag * cast(levers_asked.asked_ktco2e as decimal(18, 6)) as sure_shortfall_ktco2e,
    levers_asked.reason_code,
    {{ label_fr('reading', 'levers_asked.reading') }} as reading_label_fr,
    {{ label_fr('lean', 'levers_asked.lean') }} as lean_label_fr,
    {{ label_fr('verdict_reason', 'levers_asked.reason_code') }} as reason_label_fr,
    {{ label_fr('target_origin', "if(levers_asked.territory_level = 'region', 'state', 'indicative')") }}
        as target_origin_label_fr
from levers_asked
