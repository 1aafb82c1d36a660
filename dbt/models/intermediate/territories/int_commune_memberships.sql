with communes as (
    select * from {{ ref('int_communes_dated') }}
    where cog_year = {{ var('cog_year') }}
)

select
    commune_code,
    'commune' as territory_level,
    commune_code as territory_code
from communes
union all
select
    commune_code,
    'epci' as territory_level,
    epci_code as territory_code
from communes
where epci_code is not null
union all
select
    commune_code,
    'departement' as territory_level,
    departement_code as territory_code
from communes
union all
select
    commune_code,
    'region' as territory_level,
    region_code as territory_code
from communes
union all
-- The list that ships with the demo covers one region: no sum of its communes is a national total.
select
    commune_code,
    'pays' as territory_level,
    'FR' as territory_code
from communes
where source <> 'bundled_etalab_decoupage'
union
select
    member_code as commune_code,
    territory_level,
    territory_code
from {{ ref('int_grouping_members_expanded') }}
where rejection_reason is null
