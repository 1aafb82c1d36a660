select c.territory_level, c.territory_code, c.geometry, d.attribution as source
from marts.dim_territory_contour as c
inner join marts.dim_territory as t using (territory_level, territory_code)
inner join marts.dim_dataset as d using (dataset_id)
where t.is_in_scope and c.territory_level in ('region', 'departement', 'epci')
order by c.territory_level, c.territory_code
