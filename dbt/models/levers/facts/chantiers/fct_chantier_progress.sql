with groups as (
    select distinct
        group_kind,
        group_id,
        group_name_fr,
        theme_id,
        framework_version
    from {{ ref('int_chantier_groups_listed') }}
),

territories as (
    select distinct
        territory_level,
        territory_code,
        region_code,
        framework_version,
        horizon_year,
        territory_level in ('region', 'departement', 'epci') as is_judged
    from {{ ref('int_chantier_levers_listed') }}
),

places as (
    select
        {{ group_key('groups', 'territories') }} as group_key,
        groups.group_kind,
        groups.group_id,
        groups.group_name_fr,
        groups.theme_id,
        territories.territory_level,
        territories.territory_code,
        territories.region_code,
        territories.framework_version,
        territories.horizon_year,
        territories.is_judged
    from groups
    inner join territories on groups.framework_version = territories.framework_version
),

levers_judged as (
    {{ levers_judged() }}
),

-- The `order by` in a sum fixes its last digit.
weighed as (
    select
        group_key,
        max(confidence) as confidence,
        count(*) as lever_count,
        string_agg(lever_id, ' ' order by lever_id) as lever_ids,
        count(*) filter (where reading <> 'not_judged') as judged_lever_count,
        sum(target_ktco2e order by lever_id) as weight,
        sum(done_or_planned_ktco2e order by lever_id) as done_or_planned,
        sum(target_ktco2e order by lever_id) filter (where reading <> 'not_judged') as judged_weight,
        sum(regional_ktco2e order by lever_id) as regional_weight,
        sum(target_ktco2e order by lever_id) filter (where national_ktco2e is not null) as weight_of_national,
        sum(national_ktco2e order by lever_id) as national_weight,
        coalesce(
            arg_min(lever_id, (gap_ktco2e, lever_id)) filter (where is_behind and gap_ktco2e < 0),
            arg_max(lever_id, (target_ktco2e, lever_id)) filter (where is_behind)
        ) as worst_gap_lever_id,
        min(gap_ktco2e) filter (where is_behind and gap_ktco2e < 0) as worst_gap_ktco2e,
        count(*) filter (where is_behind and gap_ktco2e is null) as levers_behind_without_gap
    from levers_judged
    group by group_key
)

select
    places.group_kind,
    places.group_id,
    places.group_name_fr,
    places.theme_id,
    places.territory_level,
    places.territory_code,
    places.region_code,
    places.framework_version,
    places.horizon_year,
    weighed.confidence as tie_confidence,
    coalesce(weighed.lever_count, 0) as lever_count,
    weighed.lever_ids,
    if(places.territory_level in ('pays', 'region'), 'state', 'indicative') as target_origin,
    weighed.weight as target_ktco2e,
    weighed.done_or_planned as done_or_planned_ktco2e,
    if(places.is_judged, coalesce(weighed.judged_lever_count, 0), null) as judged_lever_count,
    if(
        places.is_judged, 100 * coalesce(weighed.judged_weight, 0) / nullif(weighed.weight, 0), null
    ) as judged_target_share_pct,
    100
    * weighed.weight
    / nullif(max(weighed.weight) filter (where places.group_kind = 'all') over each_territory, 0)
        as territory_target_share_pct,
    100 * weighed.weight / nullif(weighed.regional_weight, 0) as regional_target_share_pct,
    100 * weighed.weight_of_national / nullif(weighed.national_weight, 0) as national_target_share_pct,
    weighed.worst_gap_lever_id,
    weighed.worst_gap_ktco2e,
    coalesce(weighed.levers_behind_without_gap, 0) as levers_behind_without_gap,
    case
        when weighed.lever_count is null then 'Aucun levier chiffré.'
        when places.is_judged and weighed.judged_lever_count = 0 then 'Aucun levier jugé.'
    end as remark,
    {{ label_fr('group_kind', 'places.group_kind') }} as group_kind_label_fr,
    {{ label_fr('link_confidence', 'weighed.confidence') }} as tie_confidence_label_fr,
    {{ label_fr('target_origin', "if(places.territory_level in ('pays', 'region'), 'state', 'indicative')") }}
        as target_origin_label_fr
from places
left join weighed on places.group_key = weighed.group_key
window each_territory as (
    partition by
        places.territory_level,
        places.territory_code,
        places.region_code,
        places.framework_version,
        places.horizon_year
)
