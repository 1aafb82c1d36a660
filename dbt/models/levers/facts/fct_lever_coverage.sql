with territories as (
    select
        territory_level,
        territory_code
    from {{ ref('dim_territory') }}
    where is_in_scope or territory_level = 'pays'
),

expected as (
    select
        territory_level,
        count(*) as territories_expected
    from territories
    group by territory_level
),

targeted as (
    select distinct
        targets.lever_id,
        targets.territory_level
    from {{ ref('fct_lever_target') }} as targets
    inner join territories
        on
            targets.territory_level = territories.territory_level
            and targets.territory_code = territories.territory_code
    where targets.is_current
),

covered as (
    select
        measures.lever_id,
        indicator_values.territory_level,
        min(indicator_values.year) as first_year,
        max(indicator_values.year) as last_year,
        count(distinct indicator_values.territory_code) as territories_covered
    from {{ ref('fct_indicator_value') }} as indicator_values
    inner join {{ ref('bridge_lever_indicator') }} as measures
        on
            indicator_values.indicator_id = measures.indicator_id
            and measures.role = 'measure'
    inner join territories
        on
            indicator_values.territory_level = territories.territory_level
            and indicator_values.territory_code = territories.territory_code
    where indicator_values.value is not null
    group by measures.lever_id, indicator_values.territory_level
)

select
    explained.lever_id,
    explained.territory_level,
    targeted.lever_id is not null as has_target,
    covered.lever_id is not null as has_series,
    covered.first_year,
    covered.last_year,
    coalesce(covered.territories_covered, 0) as territories_covered,
    coalesce(expected.territories_expected, 0) as territories_expected,
    if(covered.lever_id is null, explained.reason, null) as reason
from {{ ref('int_lever_levels_explained') }} as explained
left join expected on explained.territory_level = expected.territory_level
left join targeted
    on
        explained.lever_id = targeted.lever_id
        and explained.territory_level = targeted.territory_level
left join covered
    on
        explained.lever_id = covered.lever_id
        and explained.territory_level = covered.territory_level
