-- The territories whose name or code is near to what was typed.
select
    territory_code || ' ' || name as territory,
    territory_level
from marts.dim_territory
where $level is null or territory_level = $level
order by
    contains(lower(strip_accents(name)), lower(strip_accents($code)))
    and territory_level in ('region', 'departement', 'epci') desc,
    contains(lower(strip_accents(name)), lower(strip_accents($code))) desc,
    least(
        levenshtein(lower(strip_accents(name)), lower(strip_accents($code))),
        levenshtein(territory_code, $code)
    ),
    population desc nulls last
limit 5
