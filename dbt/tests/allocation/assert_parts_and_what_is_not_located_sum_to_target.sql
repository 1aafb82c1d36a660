-- As published, the parts of departements, or of EPCI, and what is not located in them are the target.
with located as (
    select
        levier_id,
        region_id,
        niveau,
        part_ktco2e,
        cible_region_ktco2e
    from {{ ref('fait_part') }}
    where niveau in ('departement', 'epci')
    union all by name
    select
        levier_id,
        region_id,
        niveau,
        part_ktco2e
    from {{ ref('fait_part_reste') }}
)

select
    levier_id,
    region_id,
    niveau,
    sum(part_ktco2e) as parts_ktco2e,
    max(cible_region_ktco2e) as cible_region_ktco2e
from located
group by levier_id, region_id, niveau
having coalesce(abs(parts_ktco2e - max(cible_region_ktco2e)) > 1e-9, true)
