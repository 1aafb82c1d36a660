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
        region,
        'ktco2e_avoided' as mesure_code,
        'émissions évitées' as mesure,
        part_ktco2e as valeur,
        'ktCO2e par an' as unite,
        cle
    from {{ ref('fait_part') }}
    where part_ktco2e is not null
    union all by name
    select
        {{ lever_and_territory_columns('parts') }},
        {{ territory_id("'region'", 'parts.region_code') }} as region_id,
        regions.name as region,
        targets.measure as mesure_code,
        targets.measure_label_fr as mesure,
        targets.value as valeur,
        targets.unit_label_fr as unite
    from {{ ref('fct_lever_part') }} as parts
    {{ join_lever_and_territory('parts') }}
    {{ join_region('parts') }}
    inner join {{ ref('fct_lever_target') }} as targets
        on
            targets.measure in ('physical_level', 'physical_delta')
            and (parts.territory_level = 'region' or levers.is_intensive)
            and parts.lever_id = targets.lever_id
            and parts.region_code = targets.territory_code
            and targets.territory_level = 'region'
            and parts.horizon_year = targets.horizon_year
            and parts.framework_version = targets.framework_version
    where targets.value is not null
),

files as (
    select distinct
        avoided.lever_id,
        {{ territory_id('avoided.territory_level', 'avoided.territory_code') }} as region_id,
        avoided.refused_fr,
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
    targets.region,
    targets.mesure_code,
    targets.mesure,
    targets.valeur,
    targets.unite,
    targets.cle,
    files.refused_fr as refus_de_l_etat,
    files.source as fichier_id,
    case
        when targets.niveau = 'region' or targets.mesure_code <> 'ktco2e_avoided'
            then 'SGPE, simulateur territorial des COP : données de travail'
        else 'part indicative, calculée par la clé : ni une obligation ni une évaluation'
    end as origine
from targets
left join files
    on
        targets.levier_id = files.lever_id
        and targets.region_id = files.region_id
