select distinct v.dataset_id
from marts.fct_indicator_value as v
inner join marts.dim_territory as t using (territory_level, territory_code)
inner join marts.dim_dataset as d using (dataset_id)
inner join marts.dim_snapshot as s using (snapshot_id)
where
    t.is_in_scope
    and d.republish
    and not d.share_alike -- the figures that ship are one set, under no such licence
    and d.licence_basis <> 'presumed' -- a dataset whose licence nobody has seen does not ship
    and s.origin != 'bundled'
    and v.territory_level in ('region', 'departement', 'epci')
order by 1
