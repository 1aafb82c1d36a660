{{ config(tags=['star']) }}

with demands as (
    select distinct
        territory_level,
        territory_code,
        region_code
    from {{ ref('fct_lever_part') }}
)

select
    {{ place_columns('parts') }},
    parts.part_level as niveau_partie,
    {{ territory_id('parts.part_level', 'parts.part_code') }} as partie_id,
    places.name as partie,
    parts.commune_count as communes,
    parts.whole_commune_count as communes_en_tout,
    parts.population,
    parts.whole_population as population_en_tout,
    parts.population_share as part_population,
    asked.region_code is not null as est_demandee
from {{ ref('bridge_territory_part') }} as parts
{{ join_place('parts', in_scope=true) }}
inner join {{ ref('dim_territory') }} as places
    on
        parts.part_level = places.territory_level
        and parts.part_code = places.territory_code
left join demands as asked
    on
        parts.part_level = 'region'
        and parts.territory_level = asked.territory_level
        and parts.territory_code = asked.territory_code
        and parts.part_code = asked.region_code
