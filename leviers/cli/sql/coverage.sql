-- The levers that the State quantifies, and how many have a series, by level.
select
    territory_level,
    count(*) filter (where has_series) as levers_with_series,
    count(*) as levers
from marts.fct_lever_coverage
inner join marts.dim_lever using (lever_id)
where is_quantified
group by territory_level
order by array_position($levels, territory_level)
