-- Every commune of today counts the people of one year once, of the edition that is best for that year.
with counted as (
    select
        populations.population_year as year,
        codes.to_code as commune_code,
        sum(cast(populations.population * codes.weight as decimal(38, 9))) as population
    from {{ ref('int_commune_populations_unioned') }} as populations
    inner join {{ ref('int_commune_codes_mapped') }} as codes
        on
            populations.cog_year = codes.from_year
            and populations.commune_code = codes.from_code
            and codes.to_year = {{ var('cog_year') }}
    where populations.population_year is not null
    group by populations.population_year, codes.to_code, populations.source_rank, populations.cog_year
    qualify row_number() over (
        partition by populations.population_year, codes.to_code
        order by populations.source_rank asc, populations.cog_year desc
    ) = 1
),

-- The people that a territory is shown with come first; a survey of waste counts those before the censuses
-- that are loaded.
populations as (
    select
        population_year as year,
        territory_level,
        territory_code,
        population,
        1 as source_rank
    from {{ ref('int_territory_populations') }}
    where population_year is not null and population is not null
    union all
    select
        counted.year,
        memberships.territory_level,
        memberships.territory_code,
        sum(counted.population) as population,
        2 as source_rank
    from counted
    inner join {{ ref('int_commune_memberships') }} as memberships
        on counted.commune_code = memberships.commune_code
    group by counted.year, memberships.territory_level, memberships.territory_code
    union all
    select
        year,
        territory_level,
        territory_code,
        value as population,
        3 as source_rank
    from {{ ref('fct_indicator_value') }}
    where
        indicator_id = 'kerbside_population'
        and value is not null
        and not is_incomplete_year
        and not is_anomalous
)

select
    year,
    territory_level,
    territory_code,
    cast(population as double) as population
from populations
where territory_level <> 'commune'
qualify row_number() over (partition by year, territory_level, territory_code order by source_rank) = 1
