select
    {{ territory_id('demands.territory_level', 'demands.territory_code') }} as territoire_id,
    demands.territory_level as niveau,
    demands.territory_code as code_territoire,
    territories.name as territoire,
    demands.target_origin as nature_cible,
    demands.target_origin_label_fr as nature_cible_libelle,
    demands.reading as lecture,
    demands.reading_label_fr as lecture_libelle,
    demands.reason_code as raison_code,
    demands.is_masked as est_masquee,
    count(*) as nombre_leviers,
    string_agg(levers.lever_name_fr, ' ; ' order by levers.lever_name_fr) as leviers,
    sum(demands.asked_ktco2e) as demande_ktco2e,
    sum(demands.at_least_ktco2e) as au_moins_ktco2e
from {{ ref('fct_lever_demand') }} as demands
inner join {{ ref('dim_framework') }} as frameworks
    on
        demands.framework_version = frameworks.framework_version
        and frameworks.is_target_version
inner join {{ ref('dim_territory') }} as territories
    on
        demands.territory_level = territories.territory_level
        and demands.territory_code = territories.territory_code
        and territories.is_in_scope
inner join {{ ref('dim_lever') }} as levers on demands.lever_id = levers.lever_id
group by all
