with regions as (
    select territory_code as region_code
    from {{ ref('int_territories_unioned') }}
    where territory_level = 'region' and is_in_scope
),

territories as (
    select distinct
        memberships.territory_level,
        memberships.territory_code,
        communes.region_code
    from {{ ref('int_commune_memberships') }} as memberships
    inner join {{ ref('int_allocation_communes') }} as communes
        on
            memberships.commune_code = communes.commune_code
            and communes.part_level = 'commune'
    inner join regions on communes.region_code = regions.region_code
    where memberships.territory_level not in ('commune', 'pays')
)

select
    targets.lever_id,
    territories.territory_level,
    territories.territory_code,
    territories.region_code,
    targets.framework_version,
    targets.horizon_year,
    targets.avoided_ktco2e,
    targets.unit,
    unit_labels.label_fr as unit_label_fr,
    targets.show_target,
    if(
        targets.show_target, null, 'Cible que l''outil de l''État masque : il ne la régionalise pas.'
    ) as remark
from {{ ref('int_sgpe_targets_joined') }} as targets
inner join territories on targets.region_code = territories.region_code
left join {{ ref('unit_labels') }} as unit_labels on targets.unit = unit_labels.unit
