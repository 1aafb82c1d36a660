-- Figures shared by the place of sites ship by commune; a site in no commune has its departement's code instead.
-- An EPCI that lies in another region too has sites in communes that do not ship: its own sum ships beside them.
select
    v.indicator_id,
    v.territory_level,
    v.territory_code,
    v.year,
    v.reference_date,
    v.value,
    v.unit,
    v.value_status,
    v.completeness_pct,
    v.masked_count,
    v.is_provisional,
    coalesce(y.is_part_of_year, false) as is_part_of_year,
    d.attribution as source,
    s.vintage,
    d.licence
from marts.fct_indicator_value as v
inner join marts.dim_territory as t using (territory_level, territory_code)
inner join marts.dim_dataset as d using (dataset_id)
left join marts.dim_snapshot as s using (snapshot_id)
left join quality.fct_partial_year as y using (dataset_id, indicator_id, year)
where
    v.dataset_id = getvariable('dataset_id')
    and t.is_in_scope
    and if(
        v.indicator_id in ('eu_ets_site_emissions'),
        (v.territory_level = 'commune' or v.territory_level = 'epci' and t.crosses_regions) and v.value <> 0,
        v.territory_level in ('region', 'departement', 'epci')
    )
    and (v.value is not null or v.value_status = 'secret')
    and v.indicator_id not in (select indicator_id from seeds.indicator_components) -- computed where it is built
union all
select
    a.indicator_id,
    'commune' as territory_level,
    a.territory_code,
    a.year,
    make_date(a.year, 1, 1) as reference_date,
    a.value,
    i.unit,
    'observed' as value_status,
    100 as completeness_pct,
    0 as masked_count,
    false as is_provisional,
    false as is_part_of_year,
    d.attribution as source,
    null as vintage,
    d.licence
from intermediate.int_observations_set_aside as a
inner join marts.dim_territory as t using (territory_level, territory_code)
inner join marts.dim_indicator as i using (indicator_id)
inner join marts.dim_dataset as d using (dataset_id)
where
    a.indicator_id in ('eu_ets_site_emissions')
    and i.dataset_id = getvariable('dataset_id')
    and a.territory_level = 'departement'
    and t.is_in_scope
order by indicator_id, territory_level, territory_code, year
