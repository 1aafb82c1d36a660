-- At most 4 of the quantified levers have population as their only key; where all first keys are loaded,
-- no more than those are divided by it.
with chains as (
    select
        listed.lever_id,
        listed.priority,
        listed.indicator_id
    from {{ ref('lever_allocation_keys') }} as listed
    inner join {{ ref('levers') }} as levers on listed.lever_id = levers.lever_id
    where levers.is_quantified
),

only_population as (
    select lever_id
    from chains
    group by lever_id
    having bool_and(indicator_id = 'population')
),

complete_regions as (
    select parts.region_code
    from {{ ref('int_allocation_parts_valued') }} as parts
    inner join chains
        on
            parts.indicator_id = chains.indicator_id
            and chains.priority = 1
    group by parts.region_code
    having count(distinct parts.indicator_id) = (
        select count(distinct first_keys.indicator_id) from chains as first_keys
        where first_keys.priority = 1
    )
)

select
    'seed' as place,
    count(*) as lever_count
from only_population
having count(*) > 4
union all
select
    selected.region_code as place,
    count(*) as lever_count
from {{ ref('int_allocation_key_selected') }} as selected
inner join complete_regions on selected.region_code = complete_regions.region_code
inner join {{ ref('levers') }} as levers on selected.lever_id = levers.lever_id
where levers.is_quantified and selected.key_id = 'population'
group by selected.region_code
having count(*) > 4
