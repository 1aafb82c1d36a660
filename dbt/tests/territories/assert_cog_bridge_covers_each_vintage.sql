{#- No commune of origin is lost, none of destination is unknown or unreached. -#}
with communes as (
    select * from {{ ref('dim_commune_year') }}
),

bridge as (
    select * from {{ ref('bridge_commune_cog') }}
),

year_pairs as (
    select distinct
        from_year,
        to_year
    from bridge
)

select
    'unknown destination' as problem,
    bridge.to_year as cog_year,
    bridge.to_code as commune_code
from bridge
anti join communes
    on
        bridge.to_year = communes.cog_year
        and bridge.to_code = communes.commune_code
union all
select
    'destination not reached' as problem,
    communes.cog_year,
    communes.commune_code
from communes
inner join year_pairs on communes.cog_year = year_pairs.to_year
anti join bridge
    on
        year_pairs.from_year = bridge.from_year
        and communes.cog_year = bridge.to_year
        and communes.commune_code = bridge.to_code
union all
select
    'origin lost' as problem,
    communes.cog_year,
    communes.commune_code
from communes
inner join year_pairs on communes.cog_year = year_pairs.from_year
anti join bridge
    on
        communes.cog_year = bridge.from_year
        and year_pairs.to_year = bridge.to_year
        and communes.commune_code = bridge.from_code
