{{ config(tags=['star']) }}

with lever_parts as (
    {{ in_force('fct_lever_part') }}
),

demands as (
    select distinct
        territory_level,
        territory_code,
        region_code
    from lever_parts
)

select
    {{ territory_columns('parts') }},
    parts.part_level as niveau_partie,
    {{ territory_id('parts.part_level', 'parts.part_code') }} as partie_id,
    part_territories.name as partie,
    parts.commune_count as communes,
    parts.whole_commune_count as communes_en_tout,
    parts.population,
    parts.whole_population as population_en_tout,
    parts.population_share as part_population,
    part_demands.region_code is not null as est_demandee
from {{ ref('bridge_territory_part') }} as parts
{{ join_territory('parts', in_scope=true) }}
inner join {{ ref('dim_territory') }} as part_territories
    on
        parts.part_level = part_territories.territory_level
        and parts.part_code = part_territories.territory_code
left join demands as part_demands
    on
        parts.part_level = 'region'
        and {{ same_territory('parts', 'part_demands') }}
        and parts.part_code = part_demands.region_code
