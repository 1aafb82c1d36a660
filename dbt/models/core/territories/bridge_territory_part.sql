-- A commune is in its departement and its region; a commune of an overseas collectivity may have neither.
with parts as (
    select
        members.territory_level,
        members.territory_code,
        unnest(['region', 'departement']) as part_level,
        unnest([communes.region_code, communes.departement_code]) as part_code,
        communes.population
    from {{ ref('bridge_commune_group') }} as members
    inner join {{ ref('dim_territory') }} as communes
        on
            members.commune_code = communes.territory_code
            and communes.territory_level = 'commune'
    where members.territory_level not in ('pays', 'region', 'departement', 'commune')
),

summed as (
    select
        territory_level,
        territory_code,
        part_level,
        part_code,
        count(*) as commune_count,
        sum(population) as population
    from parts
    where part_code is not null
    group by territory_level, territory_code, part_level, part_code
)

select
    territory_level,
    territory_code,
    part_level,
    part_code,
    cast(commune_count as integer) as commune_count,
    cast(sum(commune_count) over whole as integer) as whole_commune_count,
    cast(population as bigint) as population,
    cast(sum(population) over whole as bigint) as whole_population,
    population / sum(population) over whole as population_share
from summed
window whole as (partition by territory_level, territory_code, part_level)
qualify count(*) over whole > 1
