{{ config(materialized='kept_table') }}
select
    {{ territory_id('ranked.territory_level', 'ranked.territory_code') }} as territoire_id,
    territories.name as territoire,
    ranked.subject as sujet,
    {{ label_fr('told_first', 'ranked.subject') }} as sujet_libelle,
    ranked.rank as rang,
    ranked.lever_id as levier_id,
    levers.short_name_fr as levier_court,
    ranked.indicator_id as indicateur_id,
    {{ territory_id("'region'", 'ranked.region_code') }} as region_id
from {{ ref('fct_topic_rank') }} as ranked
{{ join_territory('ranked', in_scope=true) }}
inner join {{ ref('dim_lever') }} as levers on ranked.lever_id = levers.lever_id
