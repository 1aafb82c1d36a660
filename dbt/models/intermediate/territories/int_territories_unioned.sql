with communes as (
    select * from {{ ref('int_communes_dated') }}
    where cog_year = {{ var('cog_year') }}
),

populations as (
    select * from {{ ref('int_commune_populations_selected') }}
    where cog_year = {{ var('cog_year') }}
),

memberships as (
    select * from {{ ref('int_commune_memberships') }}
),

names as (
    select
        'commune' as territory_level,
        commune_code as territory_code,
        name
    from communes
    union
    select
        'epci' as territory_level,
        epci_code as territory_code,
        epci_name as name
    from {{ ref('int_epci_members_unioned') }}
    where cog_year = {{ var('cog_year') }}
    union
    select
        'departement' as territory_level,
        departement_code as territory_code,
        name
    from {{ ref('stg_etalab__departements') }}
    where cog_year = {{ var('cog_year') }}
    union
    select
        'departement' as territory_level,
        departement_code as territory_code,
        departement_name as name
    from {{ ref('stg_leviers__bundled_communes') }}
    where cog_year = {{ var('cog_year') }}
    union
    select
        'region' as territory_level,
        region_code as territory_code,
        name
    from {{ ref('stg_etalab__regions') }}
    where cog_year = {{ var('cog_year') }}
    union
    select
        'region' as territory_level,
        region_code as territory_code,
        region_name as name
    from {{ ref('stg_leviers__bundled_communes') }}
    where cog_year = {{ var('cog_year') }}
    union
    select
        territory_level,
        territory_code,
        min(name) as name
    from {{ ref('int_grouping_members_expanded') }}
    where rejection_reason is null
    group by territory_level, territory_code
    union
    select
        'pays' as territory_level,
        'FR' as territory_code,
        'France' as name
),

legal_types as (
    select
        epci_code,
        min(epci_type) as legal_type
    from {{ ref('int_epci_members_unioned') }}
    where cog_year = {{ var('cog_year') }}
    group by epci_code
),

unique_names as (
    select
        territory_level,
        territory_code,
        min(name) as name
    from names
    group by territory_level, territory_code
),

-- The parent of a territory that crosses a border is the one where most of its people live.
departement_parts as (
    select
        memberships.territory_level,
        memberships.territory_code,
        communes.departement_code,
        communes.region_code,
        sum(populations.population) as population
    from memberships
    inner join communes on memberships.commune_code = communes.commune_code
    left join populations on memberships.commune_code = populations.commune_code
    group by all
),

region_parts as (
    select
        territory_level,
        territory_code,
        region_code,
        sum(population) as population
    from departement_parts
    group by all
),

main_departements as (
    select
        territory_level,
        territory_code,
        departement_code
    from departement_parts
    qualify row_number() over (
        partition by territory_level, territory_code
        order by population desc nulls last, departement_code asc
    ) = 1
),

main_regions as (
    select
        territory_level,
        territory_code,
        region_code
    from region_parts
    qualify row_number() over (
        partition by territory_level, territory_code
        order by population desc nulls last, region_code asc
    ) = 1
),

members as (
    select
        memberships.territory_level,
        memberships.territory_code,
        count(distinct communes.region_code) > 1 as crosses_regions,
        bool_or(
            {% if var('region') == 'all' %}true{% else %}communes.region_code = '{{ var("region") }}'{% endif %}
        ) as has_commune_in_scope
    from memberships
    inner join communes on memberships.commune_code = communes.commune_code
    group by memberships.territory_level, memberships.territory_code
)

select
    unique_names.territory_level,
    unique_names.territory_code,
    unique_names.name,
    case when unique_names.territory_level <> 'pays' then main_regions.region_code end as region_code,
    case
        when unique_names.territory_level not in ('pays', 'region') then main_departements.departement_code
    end as departement_code,
    case
        when unique_names.territory_level = 'epci' then unique_names.territory_code
        when unique_names.territory_level = 'commune' then communes.epci_code
    end as epci_code,
    legal_types.legal_type,
    unique_names.territory_level <> 'pays' and coalesce(members.crosses_regions, false) as crosses_regions,
    case
        when unique_names.territory_level = 'pays' then '{{ var('region') }}' = 'all'
        else members.has_commune_in_scope
    end as is_in_scope
from unique_names
left join members
    on {{ same_territory('unique_names', 'members') }}
left join main_departements
    on {{ same_territory('unique_names', 'main_departements') }}
left join main_regions
    on {{ same_territory('unique_names', 'main_regions') }}
left join communes
    on
        unique_names.territory_level = 'commune'
        and unique_names.territory_code = communes.commune_code
left join legal_types
    on
        unique_names.territory_level = 'epci'
        and unique_names.territory_code = legal_types.epci_code
-- The package names the overseas collectivities too: they have no commune in the reference list.
where members.territory_code is not null or unique_names.territory_level = 'pays'
