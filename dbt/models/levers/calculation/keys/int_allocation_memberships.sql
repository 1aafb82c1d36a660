with communes as (
    select * from {{ ref('int_commune_memberships') }}
    where territory_level not in ('region', 'pays')
),

departements as (
    select distinct territory_code as departement_code
    from communes
    where territory_level = 'departement'
)

select
    commune_code as place_code,
    territory_level,
    territory_code,
    false as is_remainder
from communes
union all
-- A place that is known by departement only belongs to it and to a remainder of its EPCI and communes.
select
    departements.departement_code as place_code,
    levels.territory_level,
    departements.departement_code as territory_code,
    levels.is_remainder
from departements
cross join (
    values ('departement', false), ('epci', true), ('commune', true)
) as levels (territory_level, is_remainder)
