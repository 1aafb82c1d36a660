with territories as (
    select * from {{ ref('int_coverage_territories_listed') }}
),

own_regions as (
    select
        lever_id,
        string_agg(region_code, ' ' order by region_code) as region_codes
    from {{ ref('int_lever_own_regions') }}
    group by lever_id
),

expected as (
    select
        explained.lever_id,
        explained.territory_level,
        count(*) as territories_expected
    from {{ ref('int_lever_levels_explained') }} as explained
    inner join territories
        on
            explained.territory_level = territories.territory_level
            and territories.is_counted
    where {{ is_lever_of_region('explained.lever_id', 'territories.region_code') }}
    group by explained.lever_id, explained.territory_level
),

targeted as (
    select distinct
        targets.lever_id,
        targets.territory_level
    from {{ ref('fct_lever_target') }} as targets
    inner join territories
        on
            {{ same_territory('targets', 'territories') }}
            and territories.is_counted
    where targets.is_current
)

select
    explained.lever_id,
    explained.territory_level,
    targeted.lever_id is not null as has_target,
    coalesce(covered.territories_covered > 0, false) as has_series,
    covered.first_year,
    covered.last_year,
    coalesce(covered.territories_covered, 0) as territories_covered,
    coalesce(expected.territories_expected, 0) as territories_expected,
    case
        when has_series then null
        when expected.lever_id is null and own_regions.lever_id is not null
            then 'Levier propre à certaines régions : ' || own_regions.region_codes || '.'
        else explained.reason
    end as reason,
    levers.lever_set,
    levers.lever_set_label_fr,
    {{ label_fr('territory_level', 'explained.territory_level') }} as level_label_fr,
    own_regions.region_codes,
    covered.lever_id is not null as has_series_in_country
from {{ ref('int_lever_levels_explained') }} as explained
inner join {{ ref('dim_lever') }} as levers on explained.lever_id = levers.lever_id
left join own_regions on explained.lever_id = own_regions.lever_id
left join expected
    on
        explained.lever_id = expected.lever_id
        and explained.territory_level = expected.territory_level
left join targeted
    on
        explained.lever_id = targeted.lever_id
        and explained.territory_level = targeted.territory_level
left join {{ ref('int_lever_values_counted') }} as covered
    on
        explained.lever_id = covered.lever_id
        and explained.territory_level = covered.territory_level
