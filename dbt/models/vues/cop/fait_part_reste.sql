{{ config(tags=['star']) }}

-- Departements cover a region; its EPCI leave the sites of no known commune, and the communes of no EPCI.
with unlocated as (
    select
        lever_id,
        territory_level,
        territory_code as departement_code,
        parent_code as region_code,
        framework_version,
        horizon_year,
        value,
        'Sites connus par leur seul département' as reason
    from {{ ref('fct_lever_target_allocation') }}
    where is_remainder and territory_level = 'epci' and measure = 'ktco2e_avoided'
    union all
    select
        parts.lever_id,
        'epci' as territory_level,
        communes.departement_code,
        parts.parent_code as region_code,
        parts.framework_version,
        parts.horizon_year,
        parts.value,
        'Communes hors de toute intercommunalité' as reason
    from {{ ref('fct_lever_target_allocation') }} as parts
    inner join {{ ref('dim_territory') }} as communes
        on {{ same_territory('parts', 'communes') }} and communes.epci_code is null
    where parts.territory_level = 'commune' and not parts.is_remainder and parts.measure = 'ktco2e_avoided'
)

select
    unlocated.lever_id as levier_id,
    levers.lever_name_fr as levier,
    unlocated.territory_level as niveau,
    {{ territory_id("'region'", 'unlocated.region_code') }} as region_id,
    regions.name as region,
    {{ territory_id("'departement'", 'unlocated.departement_code') }} as departement_id,
    departements.name as departement,
    sum(unlocated.value) as part_ktco2e,
    unlocated.reason as motif
from unlocated
{{ join_framework_in_force('unlocated') }}
inner join {{ ref('dim_lever') }} as levers on unlocated.lever_id = levers.lever_id
{{ join_region('unlocated') }}
inner join {{ ref('dim_territory') }} as departements
    on
        departements.territory_level = 'departement'
        and unlocated.departement_code = departements.territory_code
group by all
having part_ktco2e <> 0
