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
),

intensive as (
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
),

trajectories as (
    select
        trajectories.lever_id,
        trajectories.epci_code,
        trajectories.region_code,
        changes.horizon_year,
        changes.framework_version,
        {{ sector_trajectory_part(
            'trajectories.result', 'trajectories.objective_2030', 'trajectories.share_pct'
        ) }} as value,
        trajectories.result - trajectories.objective_2030 as sector_change,
        trajectories.result_year,
        trajectories.note
    from {{ ref('int_sector_trajectories_derived') }} as trajectories
    inner join {{ ref('int_lever_changes_derived') }} as changes
        on
            trajectories.lever_id = changes.lever_id
            and trajectories.region_code = changes.region_code
            and changes.measure = 'ktco2e_avoided'
)

select
    *,
    'same_as_region' as key_id,
    null as key_value,
    false as is_proxy,
    null as proxy_reason,
    null as key_year,
    null as key_source
from intensive
union all
select
    lever_id,
    'epci' as territory_level,
    epci_code as territory_code,
    region_code,
    horizon_year,
    'ktco2e_avoided' as measure,
    value,
    'ktCO2e' as unit,
    framework_version,
    'epci_sector_trajectory' as key_id,
    sector_change as key_value,
    true as is_proxy,
    concat_ws(
        ' ',
        'L''objectif du secteur suit la trajectoire nationale, faute de celle du territoire.',
        if(
            result_year <> {{ threshold('path_start_year') }},
            'Faute de {{ threshold('path_start_year') }}, l''inventaire est celui de ' || result_year || '.',
            null
        ),
        note
    ) as proxy_reason,
    result_year as key_year,
    'fct_territory_emissions' as key_source
from trajectories
where value is not null
