select b.indicator_id, b.territory_level, b.territory_code, b.break_year, b.reason as reason_fr, b.broken_pct
from quality.fct_territory_break as b
inner join marts.dim_territory as t using (territory_level, territory_code)
where t.is_in_scope and b.territory_level in ('region', 'departement', 'epci')
order by b.indicator_id, b.territory_level, b.territory_code, b.break_year
