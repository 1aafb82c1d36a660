with epci as (
    select distinct territories.territory_code as epci_code
    from {{ ref('int_territories_unioned') }} as territories
    inner join {{ ref('stg_dgcl__competences') }} as held
        on
            territories.territory_level = 'epci'
            and territories.territory_code = held.grouping_code
),

levers as (
    select distinct lever_id
    from {{ ref('lever_competences') }}
)

select
    epci.epci_code,
    levers.lever_id,
    case
        when bool_or(tied.role = 'decide' and held.competence_code is not null) then 'decide'
        when count(held.competence_code) > 0 then 'share'
        else 'none'
    end as role,
    string_agg(
        if(held.competence_code is null, null, tied.competence_fr), ' ; '
        order by tied.role, tied.competence_code
    ) as competences,
    'banatic_competence' as dataset_id,
    max(held.snapshot_id) as snapshot_id
from epci
cross join levers
inner join {{ ref('lever_competences') }} as tied on levers.lever_id = tied.lever_id
left join {{ ref('stg_dgcl__competences') }} as held
    on
        epci.epci_code = held.grouping_code
        and tied.competence_code = held.competence_code
group by epci.epci_code, levers.lever_id
