with projects as (
    select * from {{ ref('stg_dgcl__subsidised_projects') }}
),

territories as (
    select * from {{ ref('int_territories_unioned') }}
),

-- the newest list that knows a code says where it leads, and of a split, its greatest part
communes as (
    select
        from_code as commune_code,
        max_by(to_code, (from_year, weight, to_code)) as territory_code
    from {{ ref('int_commune_codes_mapped') }}
    where to_year = {{ var('cog_year') }}
    group by from_code
),

named_communes as (
    select
        departement_code,
        {{ folded_name('name') }} as name_key,
        any_value(territory_code) as territory_code
    from territories
    where territory_level = 'commune'
    group by all
    having count(*) = 1
),

located as (
    select
        projects.*,
        case
            when projects.commune_code is not null or projects.beneficiary_kind is null then 'commune'
            when projects.beneficiary_kind in ('epci', 'departement') then projects.beneficiary_kind
        end as level_sought,
        case
            when projects.commune_code is not null then communes.territory_code
            when projects.beneficiary_kind is null then named_communes.territory_code
            when projects.beneficiary_kind = 'epci' then projects.beneficiary_siren
            when projects.beneficiary_kind = 'departement' then projects.departement_code
        end as code_sought
    from projects
    left join communes on projects.commune_code = communes.commune_code
    left join named_communes
        on
            projects.beneficiary_kind is null
            and projects.departement_code = named_communes.departement_code
            and projects.beneficiary_key = named_communes.name_key
)

select
    located.action_id,
    located.year,
    located.grant_kind,
    located.departement_code,
    located.project,
    located.cost_eur,
    located.grant_eur,
    located.snapshot_id,
    territories.territory_level,
    territories.territory_code,
    if(territories.territory_level = 'epci', territories.territory_code, territories.epci_code) as epci_code
from located
left join territories
    on
        located.level_sought = territories.territory_level
        and located.code_sought = territories.territory_code
