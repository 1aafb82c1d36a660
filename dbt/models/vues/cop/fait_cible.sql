{{ config(tags=['star']) }}

{#- Two targets of each lever in a territory: CO2e avoided, and in the lever's own unit. The State sets those
of a region; below it they are calculated parts. -#}
with targets as (
    select
        levier_id,
        levier,
        territoire_id,
        niveau,
        code_territoire,
        territoire,
        region_id,
        'ktco2e_avoided' as measure,
        part_ktco2e as valeur,
        'ktCO₂e par an' as unite,
        cle
    from {{ ref('fait_part') }}
    where part_ktco2e is not null
    union all by name
    select
        levier_id,
        levier,
        territoire_id,
        niveau,
        code_territoire,
        territoire,
        region_id,
        'own_unit' as measure,
        nature_cible,
        cible as valeur,
        unite_cible as unite
    from {{ ref('cop_objectifs') }}
    where cible is not null
),

files as (
    select distinct
        avoided.lever_id,
        {{ territory_id('avoided.territory_level', 'avoided.territory_code') }} as region_id,
        avoided.source
    from {{ ref('fct_lever_target') }} as avoided
    {{ join_framework_in_force('avoided') }}
    where avoided.measure = 'ktco2e_avoided'
)

select
    targets.levier_id,
    targets.levier,
    targets.territoire_id,
    targets.niveau,
    targets.code_territoire,
    targets.territoire,
    targets.region_id,
    regions.territoire as region,
    coalesce(
        targets.nature_cible,
        case
            when targets.niveau = 'region' then 'émissions évitées'
            else 'émissions évitées, part calculée'
        end
    ) as mesure,
    targets.valeur,
    targets.unite,
    targets.cle,
    files.source as fichier_id,
    case
        when targets.niveau = 'region' or targets.measure = 'own_unit'
            then 'SGPE, simulateur territorial des COP : données de travail'
        else 'part indicative, calculée par la clé : ni une obligation ni une évaluation'
    end as origine
from targets
inner join {{ ref('dim_territoire') }} as regions on targets.region_id = regions.territoire_id
left join files
    on
        targets.levier_id = files.lever_id
        and targets.region_id = files.region_id
