with memberships as (
    select
        commune_code,
        territory_level,
        territory_code
    from {{ ref('int_commune_memberships') }}
    where territory_level not in ('region', 'pays')
),

summed as (
    select
        parts.lever_id,
        memberships.territory_level,
        memberships.territory_code,
        parts.region_code,
        parts.horizon_year,
        parts.measure,
        parts.unit,
        parts.framework_version,
        cast(sum(parts.value) as double) as value,
        cast(sum(cast(parts.weight as decimal(38, 15))) as double) as key_value,
        bool_or(parts.is_estimated) as is_estimated,
        bool_or(parts.key_level <> memberships.territory_level or parts.is_cut)
        and any_value(parts.key_level) not in ('commune') as is_spread
    from {{ ref('int_lever_parts_allocated') }} as parts
    inner join memberships on parts.commune_code = memberships.commune_code
    group by
        parts.lever_id,
        memberships.territory_level,
        memberships.territory_code,
        parts.region_code,
        parts.horizon_year,
        parts.measure,
        parts.unit,
        parts.framework_version
),

shared as (
    select
        summed.lever_id,
        summed.territory_level,
        summed.territory_code,
        summed.region_code,
        summed.horizon_year,
        summed.measure,
        summed.value,
        summed.unit,
        summed.framework_version,
        selected.key_id,
        summed.key_value,
        summed.key_value / selected.total_weight as key_share,
        selected.is_proxy or summed.is_spread or summed.is_estimated as is_proxy,
        nullif(
            concat_ws(
                ' ',
                selected.proxy_reason_fr,
                if(
                    summed.is_spread,
                    'Connu par ' || if(selected.key_level = 'epci', 'EPCI', 'département')
                    || ', ventilé entre communes selon : '
                    || lower(selected.spread_label_fr[1]) || selected.spread_label_fr[2:] || '.',
                    null
                ),
                if(summed.is_estimated, 'Sans valeur en partie : moyenne régionale par habitant.', null)
            ),
            ''
        ) as proxy_reason,
        selected.key_year,
        selected.key_source
    from summed
    inner join {{ ref('int_allocation_key_selected') }} as selected
        on
            summed.lever_id = selected.lever_id
            and summed.region_code = selected.region_code
),

region_territories as (
    select distinct
        memberships.territory_level,
        memberships.territory_code,
        communes.region_code
    from memberships
    inner join {{ ref('int_allocation_communes') }} as communes
        on
            memberships.commune_code = communes.commune_code
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
    inner join {{ ref('dim_territory') }} as regions
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
    lever_id,
    territory_level,
    territory_code,
    'region' as parent_level,
    region_code as parent_code,
    horizon_year,
    measure,
    value,
    unit,
    framework_version,
    key_id,
    key_value,
    key_share,
    is_proxy,
    proxy_reason,
    key_year,
    key_source
from shared
union all
select
    lever_id,
    territory_level,
    territory_code,
    'region' as parent_level,
    region_code as parent_code,
    horizon_year,
    measure,
    value,
    unit,
    framework_version,
    'same_as_region' as key_id,
    null as key_value,
    null as key_share,
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
    'region' as parent_level,
    region_code as parent_code,
    horizon_year,
    'ktco2e_avoided' as measure,
    value,
    'ktCO2e' as unit,
    framework_version,
    'epci_sector_trajectory' as key_id,
    sector_change as key_value,
    null as key_share,
    true as is_proxy,
    concat_ws(
        ' ',
        'L''objectif du secteur suit la trajectoire nationale, faute de celle du territoire.',
        if(result_year <> 2019, 'Faute de 2019, l''inventaire est celui de ' || result_year || '.', null),
        note
    ) as proxy_reason,
    result_year as key_year,
    'fct_territory_emissions' as key_source
from trajectories
where value is not null
