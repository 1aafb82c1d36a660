with region_territories as (
    select distinct
        memberships.territory_level,
        memberships.territory_code,
        communes.region_code
    from {{ ref('int_allocation_memberships') }} as memberships
    inner join {{ ref('int_allocation_communes') }} as communes
        on
            memberships.place_code = communes.commune_code
            and communes.part_level = 'commune'
)

select
    changes.lever_id,
    territories.territory_level,
    territories.territory_code,
    changes.region_code,
    changes.horizon_year,
    changes.measure,
    changes.value,
    changes.unit,
    changes.framework_version
from {{ ref('int_lever_changes_derived') }} as changes
inner join {{ ref('int_territories_unioned') }} as regions
    on
        changes.region_code = regions.territory_code
        and regions.territory_level = 'region'
        and regions.is_in_scope
inner join region_territories as territories on changes.region_code = territories.region_code
where changes.is_intensive
