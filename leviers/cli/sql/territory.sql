-- A territory by its code; of several levels, the one that people mean most often.
select
    territory_level,
    territory_code,
    name
from marts.dim_territory
where territory_code = $code and ($level is null or territory_level = $level)
order by array_position(['region', 'departement', 'epci', 'commune', 'pays'], territory_level) nulls last
