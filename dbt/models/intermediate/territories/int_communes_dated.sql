with communes as (
    select
        cog_year,
        code as commune_code,
        name,
        departement_code,
        region_code,
        source
    from {{ ref('int_commune_codes_folded') }}
    where code_type = 'commune'
),

-- The population that the commune record itself carries comes first: it is the newest in its geography.
populations as (
    select
        cog_year,
        commune_code,
        population,
        population_year
    from {{ ref('int_commune_populations_unioned') }}
    qualify row_number() over (partition by cog_year, commune_code order by source_rank desc) = 1
),

epci_members as (
    select * from {{ ref('int_epci_members_unioned') }}
)

select
    communes.cog_year,
    communes.commune_code,
    communes.name,
    epci_members.epci_code,
    communes.departement_code,
    communes.region_code,
    populations.population,
    populations.population_year,
    communes.source
from communes
left join populations
    on
        communes.cog_year = populations.cog_year
        and communes.commune_code = populations.commune_code
left join epci_members
    on
        communes.cog_year = epci_members.cog_year
        and communes.commune_code = epci_members.commune_code
