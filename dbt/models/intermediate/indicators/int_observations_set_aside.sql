with departements as (
    select distinct
        departement_code,
        region_code
    from {{ ref('int_communes_dated') }}
    where cog_year = {{ var('cog_year') }}
),

-- A code that is no commune still begins with the code of its departement.
set_aside as (
    select
        observations.indicator_id,
        observations.year,
        observations.value,
        departements.departement_code,
        departements.region_code
    from {{ ref('int_observations_dated') }} as observations
    left join departements
        on
            departements.departement_code = {{ commune_departement('observations.territory_code') }}
    where
        observations.territory_level = 'commune'
        and observations.rejection_reason = 'no_vintage'
        and observations.value > 0
),

located as (
    select
        indicator_id,
        year,
        value,
        'departement' as territory_level,
        departement_code as territory_code
    from set_aside
    union all
    select
        indicator_id,
        year,
        value,
        'region' as territory_level,
        region_code as territory_code
    from set_aside
    union all
    select
        set_aside.indicator_id,
        set_aside.year,
        set_aside.value,
        countries.territory_level,
        countries.territory_code
    from set_aside
    inner join {{ ref('int_territories_unioned') }} as countries on countries.territory_level = 'pays'
)

select
    indicator_id,
    territory_level,
    territory_code,
    year,
    cast(sum(cast(value as decimal(38, 9))) as double) as value
from located
where territory_code is not null
group by indicator_id, territory_level, territory_code, year
