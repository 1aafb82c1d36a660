select
    territory_level,
    territory_code,
    source,
    year,
    count(*) as sector_count,
    sum(value order by value) as total_value
from {{ ref('fct_territory_emissions') }}
where in_total and value is not null and not is_incomplete_year and not is_anomalous
group by territory_level, territory_code, source, year
qualify row_number() over (
    partition by territory_level, territory_code, source
    order by count(*) desc, year desc
) = 1
