{{ config(tags=['star']) }}

select
    concat_ws(
        '/',
        {{ territory_id('demands.territory_level', 'demands.territory_code') }},
        demands.reading,
        demands.lean,
        demands.reason_code,
        case when demands.is_masked then 'masked' end
    ) as demande_id,
    {{ territory_columns('demands') }},
    demands.target_origin as origine_cible,
    demands.target_origin_label_fr as origine_cible_libelle,
    demands.reading as lecture,
    demands.reading_label_fr as lecture_libelle,
    demands.lean as tendance,
    demands.lean_label_fr as tendance_libelle,
    demands.reason_code as raison_code,
    demands.reason_label_fr as raison,
    demands.is_masked as est_masquee,
    count(*) as nombre_leviers,
    string_agg(levers.lever_name_fr, ' ; ' order by levers.lever_name_fr) as leviers,
    sum(demands.asked_ktco2e) as demande_ktco2e
from {{ ref('fct_lever_demand') }} as demands
{{ join_lever_and_territory('demands', in_scope=true) }}
group by all
