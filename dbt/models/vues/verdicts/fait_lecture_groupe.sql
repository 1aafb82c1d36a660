with members as (
    select distinct
        group_id,
        lever_id
    from {{ ref('verdict_rules') }}
    where group_id is not null
),

asked as (
    select
        members.group_id,
        demands.territory_level,
        demands.territory_code,
        demands.framework_version,
        string_agg(members.lever_id, ' ; ' order by members.lever_id) as lever_ids,
        string_agg(levers.lever_name_fr, ' ; ' order by levers.lever_name_fr) as lever_names,
        sum(demands.asked_ktco2e) as asked_ktco2e
    from members
    inner join {{ ref('fct_lever_demand') }} as demands on members.lever_id = demands.lever_id
    inner join {{ ref('dim_lever') }} as levers on members.lever_id = levers.lever_id
    group by
        members.group_id, demands.territory_level, demands.territory_code, demands.framework_version
)

-- The series of a group is the same for each of its levers: one line stands for all.
select
    verdicts.group_id as groupe_id,
    {{ label_fr('verdict_group', 'verdicts.group_id') }} as groupe,
    asked.lever_ids as levier_ids,
    asked.lever_names as leviers,
    {{ territory_columns('verdicts') }},
    {{ reading_columns() }},
    verdicts.gap_ktco2e as ecart_ktco2e,
    asked.asked_ktco2e as demande_ktco2e,
    if(
        {{ is_behind('verdicts.reading') }}, ({{ sure_lag('verdicts') }}) * asked.asked_ktco2e, null
    ) as manque_sur_ktco2e
from {{ ref('fct_lever_verdict') }} as verdicts
{{ join_framework_in_force('verdicts') }}
{{ join_territory('verdicts') }}
inner join asked
    on
        verdicts.group_id = asked.group_id
        and {{ same_territory('verdicts', 'asked') }}
        and verdicts.framework_version = asked.framework_version
left join {{ ref('dim_indicator') }} as indicators on verdicts.indicator_id = indicators.indicator_id
qualify row_number() over (
    partition by verdicts.group_id, verdicts.territory_level, verdicts.territory_code
    order by verdicts.judges desc, verdicts.lever_id asc
) = 1
