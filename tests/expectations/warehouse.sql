create schema raw_sdes;
create table raw_sdes.rpls_commune as
select
    printf('%02d%03d', 1 + i // 900, i % 900) as commune_code,
    300::bigint as nb_ls,
    280::bigint as nb_loues,
    20::bigint as nb_vacants,
    0::bigint as nb_vides,
    0::bigint as nb_asso,
    0::bigint as nb_occup_finan,
    0::bigint as nb_occup_temp,
    date '2024-01-01' as reference_date,
    'rpls_commune-1' as snapshot_id
from range(17000) as t (i);

create schema raw_ademe;
create table raw_ademe.ademe_sinoe_dma as
select
    2009 + 2 * (i // 2000) as year,
    printf('%02d', 1 + i % 99) as departement_code,
    ['07A', '07B', '07C', '07D', '07E', '07F', '07Z'][1 + i % 7] as waste_type_code,
    ['02A', '02B', '02C', '02D', '02E', '02F', '02Z'][1 + i % 7] as service_code,
    19000.5::double as tonnage,
    'ademe_sinoe_dma-1' as snapshot_id
from range(14000) as t (i);

create schema raw_ec;
create table raw_ec.eu_ets_installations as
select
    'FR' as registry_code,
    (i % 1900)::varchar as installation_id,
    '31555' as zip_code,
    case when i % 1900 < 300 then '10' else '20' end as activity_code,
    2005 + i // 1900 as year,
    case when i % 1900 = 400 then 8e6 when i % 1900 > 500 then 7e4 end as verified_emissions,
    case when i % 1900 < 100 then 'secret' when i % 1900 > 500 or i % 1900 = 400 then 'observed' else 'missing' end
        as verified_emissions_status
from range(1900 * 18) as t (i);
create schema marts;
create table marts.dim_territory (
    territory_level varchar, territory_code varchar, name varchar, population bigint, is_in_scope boolean
);
insert into marts.dim_territory values ('region', '76', 'Région Test', 6000000, true);
insert into marts.dim_territory
select 'commune', printf('31%03d', i), 'Commune Test ' || i, 100, true from range(500) as t (i);

create table marts.dim_snapshot (snapshot_id varchar, licence varchar, retrieved_at timestamp);
insert into marts.dim_snapshot values ('s1', 'Licence Ouverte 2.0', '2026-03-01');

create table marts.fct_indicator_value (
    indicator_id varchar, territory_level varchar, territory_code varchar, year integer, value double, unit varchar,
    dataset_id varchar, snapshot_id varchar
);
insert into marts.fct_indicator_value
select 'social_dwellings', 'commune', printf('31%03d', i % 500), 2022 + i // 500, 10, 'dwellings', 'rpls_commune', 's1'
from range(1500) as t (i);
insert into marts.fct_indicator_value values
    ('eu_ets_industrial_emissions', 'region', '76', 2019, 1478903, 'tCO2e', 'ecolab_irpe', 's1'),
    ('land_take', 'region', '76', 2023, 2290.2, 'ha', 'ecolab_irpe', 's1'),
    ('ev_share_of_new_cars', 'region', '76', 2024, 20.5, '%', 'ecolab_irpe', 's1');
insert into marts.fct_indicator_value
select 'hub_255', 'region', printf('%02d', 11 + i % 6), 2020 + i // 6, 1000 + i, 'MWh', 'new_source', 's1'
from range(24) as t (i);

create table marts.dim_indicator (indicator_id varchar, min_plausible double, max_plausible double);
insert into marts.dim_indicator values
    ('social_dwellings', 0, 8000000), ('eu_ets_industrial_emissions', 0, 70000000), ('land_take', 0, 50000),
    ('ev_share_of_new_cars', 0, 100), ('hub_255', 0, 400000000);

create table marts.dim_dataset (dataset_id varchar, verified boolean);
insert into marts.dim_dataset values ('rpls_commune', true), ('ecolab_irpe', true), ('new_source', false);

create schema seeds;
create table seeds.plausible_bounds (
    indicator_id varchar, territory_level varchar, min_plausible double, max_plausible double
);
insert into seeds.plausible_bounds values
    ('eu_ets_industrial_emissions', 'region', 1000, 40000000), ('social_dwellings', 'commune', null, 250000);

create table marts.fct_lever_target (
    lever_id varchar, territory_level varchar, territory_code varchar, horizon_year integer, measure varchar,
    value double, framework_version varchar
);
insert into marts.fct_lever_target
select 'lever_' || i, 'region', '76', 2030, 'ktco2e_avoided', 16140.5 / 30, 'COP-2023' from range(30) as t (i);

create table marts.fct_lever_coverage (lever_id varchar, territory_level varchar, has_series boolean);
insert into marts.fct_lever_coverage select 'lever_' || i, 'region', i < 12 from range(30) as t (i);

create schema quality;
create table quality.fct_correction (correction_id varchar, state varchar);
insert into quality.fct_correction values ('hub_683_2013', 'applied'), ('hub_1', 'not_loaded');
