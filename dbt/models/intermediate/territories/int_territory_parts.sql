{#- commune -> EPCI, groups and departement -> region -> pays; an EPCI joins that chain through its communes.
How many parts must have a row for their sum to be one: of communes any, since many files name only those that have
something; of regions all, lest a regional extract give a national total; of the others half. -#}
with communes as (
    select
        listed.*,
        populations.population
    from {{ ref('int_communes_dated') }} as listed
    left join {{ ref('int_commune_populations_selected') }} as populations
        on
            listed.cog_year = populations.cog_year
            and listed.commune_code = populations.commune_code
    where listed.cog_year = {{ var('cog_year') }}
),

memberships as (
    select * from {{ ref('int_commune_memberships') }}
    where territory_level not in ('commune', 'region', 'pays')
),

territories as (
    select * from {{ ref('int_territory_populations') }}
),

commune_parts as (
    select
        'commune' as part_level,
        memberships.commune_code as part_code,
        memberships.territory_level,
        memberships.territory_code,
        cast(1 as double) as weight,
        communes.population,
        false as is_estimated
    from memberships
    inner join communes on memberships.commune_code = communes.commune_code
),

epci_parts as (
    select
        'epci' as part_level,
        communes.epci_code as part_code,
        memberships.territory_level,
        memberships.territory_code,
        sum(communes.population) / nullif(any_value(territories.population), 0) as weight,
        sum(communes.population) as population,
        true as is_estimated
    from memberships
    inner join communes on memberships.commune_code = communes.commune_code
    inner join territories
        on
            territories.territory_level = 'epci'
            and communes.epci_code = territories.territory_code
    where memberships.territory_level <> 'epci'
    group by communes.epci_code, memberships.territory_level, memberships.territory_code
),

departement_parts as (
    select
        'departement' as part_level,
        departement_code as part_code,
        'region' as territory_level,
        region_code as territory_code,
        cast(1 as double) as weight,
        sum(population) as population,
        false as is_estimated
    from communes
    group by departement_code, region_code
),

region_parts as (
    select
        'region' as part_level,
        region.territory_code as part_code,
        'pays' as territory_level,
        pays.territory_code,
        cast(1 as double) as weight,
        region.population,
        false as is_estimated
    from territories as region
    inner join territories as pays
        on
            region.territory_level = 'region'
            and pays.territory_level = 'pays'
            and pays.population is not null
),

parts as (
    select * from commune_parts
    union all
    select * from epci_parts
    union all
    select * from departement_parts
    union all
    select * from region_parts
)

select
    parts.part_level,
    parts.part_code,
    parts.territory_level,
    parts.territory_code,
    parts.weight,
    cast(parts.population as bigint) as population,
    parts.is_estimated,
    territories.population as territory_population,
    case
        when parts.part_level = 'commune' then 1
        when parts.part_level = 'region' then count(*) over siblings
        else ceil(count(*) over siblings / 2)
    end as parts_required
from parts
inner join territories
    on {{ same_territory('parts', 'territories') }}
window siblings as (partition by parts.part_level, parts.territory_level, parts.territory_code)
