{{ config(tags=['star']) }}

select
    members.overlap_group as groupe_id,
    members.overlap_group_label_fr as groupe,
    members.lever_id as levier_id,
    levers.lever_name_fr as levier,
    {{ territory_columns('demands') }},
    demands.asked_ktco2e as demande_ktco2e,
    max(demands.asked_ktco2e) over each_group as plus_grand_du_groupe_ktco2e,
    demands.at_least_ktco2e as au_moins_ktco2e,
    members.reason as motif
from {{ ref('bridge_lever_overlap') }} as members
inner join {{ ref('dim_lever') }} as levers on members.lever_id = levers.lever_id
inner join {{ ref('fct_lever_demand') }} as demands on members.lever_id = demands.lever_id
{{ join_framework_in_force('demands') }}
{{ join_territory('demands', in_scope=true) }}
window each_group as (
    partition by members.overlap_group, demands.territory_level, demands.territory_code
)
