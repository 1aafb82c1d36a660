with regions as (
    select territory_code as region_code
    from {{ ref('dim_territory') }}
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
    levers.lever_name_fr,
    themes.theme_name_fr,
    territories.territory_level,
    territories.territory_code,
    own_territory.name as territory_name,
    territories.region_code,
    targets.framework_version,
    targets.horizon_year,
    targets.avoided_ktco2e,
    targets.semantics,
    targets.is_intensive,
    targets.unit,
    unit_labels.label_fr as unit_label_fr,
    targets.start_2019,
    targets.physical_value,
    targets.show_target,
    targets.snapshot_id as target_source,
    {{ titles_fr("split_part(targets.snapshot_id, ':', 1)") }} as target_source_title,
    territories.region_code = coalesce(own_territory.region_code, own_territory.territory_code)
        as is_own_region,
    nullif(
        concat_ws(
            ' ',
            if(targets.show_target, null, 'Cible que l''outil de l''État masque : il ne la régionalise pas.'),
            remarks.overlap_remark
        ),
        ''
    ) as remark
from {{ ref('int_lever_targets_joined') }} as targets
inner join territories on targets.region_code = territories.region_code
inner join {{ ref('dim_territory') }} as own_territory
    on
        territories.territory_level = own_territory.territory_level
        and territories.territory_code = own_territory.territory_code
inner join {{ ref('levers') }} as levers on targets.lever_id = levers.lever_id
inner join {{ ref('int_lever_remarks_written') }} as remarks on targets.lever_id = remarks.lever_id
left join {{ ref('bridge_lever_framework') }} as frameworks
    on
        targets.lever_id = frameworks.lever_id
        and targets.framework_version = frameworks.framework_version
left join {{ ref('dim_theme') }} as themes on frameworks.theme_id = themes.theme_id
left join {{ ref('unit_labels') }} as unit_labels on targets.unit = unit_labels.unit
