with judged as (
    {{ levers_judged() }}
),

-- An EPCI in two regions is asked its part of both. DECIMAL, so that the order of a sum does not matter.
asked as (
    select
        lever_id,
        territory_level,
        territory_code,
        framework_version,
        horizon_year,
        any_value(reading) as reading,
        any_value(lean) as lean,
        any_value(reason_code) filter (where reading = 'not_judged') as reason_code,
        bool_or(is_masked) as is_masked,
        sum(cast(target_ktco2e as decimal(18, 6))) as asked_ktco2e
    from judged
    where group_kind = 'all' and territory_level <> 'pays' and target_ktco2e is not null
    group by all
),

met as (
    {{ overlaps_met(
        'asked',
        ['territory_level', 'territory_code', 'framework_version', 'horizon_year'],
        'asked_ktco2e'
    ) }}
)

select
    asked.lever_id,
    asked.territory_level,
    asked.territory_code,
    asked.framework_version,
    asked.horizon_year,
    cast(asked.asked_ktco2e as decimal(18, 6)) as asked_ktco2e,
    cast(if(met.is_covered, 0, asked.asked_ktco2e) as decimal(18, 6)) as at_least_ktco2e,
    if(asked.territory_level = 'region', 'state', 'indicative') as target_origin,
    asked.is_masked,
    asked.reading,
    asked.lean,
    asked.reason_code,
    {{ label_fr('reading', 'asked.reading') }} as reading_label_fr,
    {{ label_fr('lean', 'asked.lean') }} as lean_label_fr,
    {{ label_fr('verdict_reason', 'asked.reason_code') }} as reason_label_fr,
    {{ label_fr('target_origin', "if(asked.territory_level = 'region', 'state', 'indicative')") }}
        as target_origin_label_fr
from asked
left join met
    on
        asked.lever_id = met.lever_id
        and asked.territory_level = met.territory_level
        and asked.territory_code = met.territory_code
        and asked.framework_version = met.framework_version
        and asked.horizon_year = met.horizon_year
