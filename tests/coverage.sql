with series as (
    select distinct lever_id, territory_level from marts.fct_lever_coverage
    where has_series and lever_set = 'cop30'
),
keys as (
    select distinct lever_id, territory_level from marts.fct_lever_target_allocation
    where measure = 'ktco2e_avoided' and parent_code = '76' and not is_proxy
)
select
    (select count(*) from series where territory_level = 'region'),
    (select count(*) from series where territory_level = 'departement'),
    (select count(*) from series where territory_level = 'epci'),
    (select count(*) from series where territory_level = 'commune'),
    (select count(distinct lever_id) from series where territory_level in ('departement', 'epci', 'commune')),
    (select count(*) from keys where territory_level = 'departement'),
    (select count(*) from keys where territory_level = 'epci'),
    (select count(*) from keys where territory_level = 'commune')
