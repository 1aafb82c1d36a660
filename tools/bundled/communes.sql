select
    make_date(c.cog_year, 1, 1) as reference_date,
    c.territory_code as commune_code,
    c.name as commune_name,
    c.departement_code,
    d.name as departement_name,
    c.region_code,
    r.name as region_name,
    c.epci_code,
    e.name as epci_name,
    e.legal_type as epci_type,
    c.population,
    e.population as epci_population, -- all its communes count: communes of another region do not ship
    (select attribution from marts.dim_dataset where dataset_id = 'etalab_decoupage') as source
from marts.dim_territory as c
left join marts.dim_territory as d on d.territory_level = 'departement' and d.territory_code = c.departement_code
left join marts.dim_territory as r on r.territory_level = 'region' and r.territory_code = c.region_code
left join marts.dim_territory as e on e.territory_level = 'epci' and e.territory_code = c.epci_code
where c.territory_level = 'commune' and c.region_code = '76'
order by c.territory_code
