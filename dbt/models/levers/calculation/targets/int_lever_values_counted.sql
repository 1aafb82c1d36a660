select
    listed.lever_id,
    listed.territory_level,
    min(listed.year) filter (where territories.is_counted) as first_year,
    max(listed.year) filter (where territories.is_counted) as last_year,
    count(distinct listed.territory_code) filter (where territories.is_counted) as territories_covered
from {{ ref('int_lever_values_listed') }} as listed
inner join {{ ref('int_coverage_territories_listed') }} as territories
    on {{ same_territory('listed', 'territories') }}
where listed.value is not null
group by listed.lever_id, listed.territory_level
