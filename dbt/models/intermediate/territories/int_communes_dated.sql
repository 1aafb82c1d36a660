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
    communes.source
from communes
left join epci_members
    on
        communes.cog_year = epci_members.cog_year
        and communes.commune_code = epci_members.commune_code
