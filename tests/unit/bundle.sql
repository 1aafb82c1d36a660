create schema marts;
create schema intermediate;
create schema quality;
create schema raw_sgpe;
create schema seeds;
create table seeds.indicator_components (indicator_id varchar);
create table marts.dim_territory as
select
    'region' as territory_level, '76' as territory_code, 'Région Test' as name, '76' as region_code,
    cast(null as varchar) as departement_code, cast(null as varchar) as epci_code,
    cast(null as varchar) as legal_type, 2026 as cog_year, 1 as population, false as crosses_regions,
    true as is_in_scope;
insert into marts.dim_territory by name
select 'departement' as territory_level, '09' as territory_code, false as crosses_regions, true as is_in_scope
union all
select 'commune', '09999', false, true
union all
select 'epci', '999999998', false, true
union all
select 'epci', '999999999', true, true;
create table marts.dim_dataset (
    dataset_id varchar, attribution varchar, licence varchar, licence_basis varchar, republish boolean,
    share_alike boolean
);
insert into marts.dim_dataset values
    ('open_one', 'Test', 'Licence Ouverte 2.0', 'stated', true, false),
    ('shared_alike', 'Test', 'ODbL 1.0', 'stated', true, true);
create table marts.dim_snapshot (snapshot_id varchar, vintage varchar, origin varchar);
insert into marts.dim_snapshot values ('s1', '2099-01-01', 'mirror');
create table marts.fct_indicator_value as
select
    'sales' as indicator_id, 'region' as territory_level, '76' as territory_code, v.year,
    make_date(v.year, 1, 1) as reference_date,
    1.5 as value, 't' as unit, 'observed' as value_status, 100.0 as completeness_pct, 0 as masked_count,
    false as is_provisional, v.dataset_id, 's1' as snapshot_id
from (values ('open_one', 2098), ('open_one', 2099), ('shared_alike', 2099)) as v (dataset_id, year);
insert into marts.fct_indicator_value by name
select 'eu_ets_site_emissions' as indicator_id, level as territory_level, code as territory_code,
    2099 as year, 1.5 as value, 'open_one' as dataset_id, 's1' as snapshot_id
from (values ('region', '76'), ('commune', '09999'), ('epci', '999999998'), ('epci', '999999999')) as v (level, code);
insert into marts.fct_indicator_value by name
select 'eu_ets_site_emissions' as indicator_id, 'commune' as territory_level, '09999' as territory_code, 2098 as year,
    0.0 as value, 'open_one' as dataset_id, 's1' as snapshot_id;
create table marts.dim_indicator as
select 'eu_ets_site_emissions' as indicator_id, 'open_one' as dataset_id, 'tCO2e' as unit;
create table intermediate.int_observations_set_aside as
select indicator_id, level as territory_level, code as territory_code, 2099 as year, 7.0 as value
from (values ('eu_ets_site_emissions', 'departement', '09'), ('eu_ets_site_emissions', 'region', '76'),
    ('sales', 'departement', '09')) as v (indicator_id, level, code);
create table marts.dim_territory_contour as
select 'region' as territory_level, '76' as territory_code, '{}' as geometry, 'open_one' as dataset_id;
create table quality.fct_partial_year as
select 'open_one' as dataset_id, 'sales' as indicator_id, 2099 as year, true as is_part_of_year;
create table quality.fct_territory_break as
select 'sales' as indicator_id, level as territory_level, '76' as territory_code, 2099 as break_year, 'Test' as reason,
    12.5 as broken_pct
from (values ('region'), ('commune')) as v (level);
create table raw_sgpe.sgpe_cop_simulator (
    sim_id varchar, lever_name varchar, region_name varchar, sector varchar, lever_group varchar, unit_phys varchar,
    unit_co2 varchar, obj_co2 double, ratio_co2_to_phys double, start_point_2019 double, show_target boolean,
    edition_disabled boolean, no_translation boolean
);
