-- A territory by its code; of several levels, the largest.
select
    territory_level,
    territory_code,
    name
from marts.dim_territory
where territory_code = $code and ($level is null or territory_level = $level)
order by array_position($levels, territory_level) nulls last
