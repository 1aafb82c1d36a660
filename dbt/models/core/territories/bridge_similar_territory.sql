{#- Up to `similar_kept` ranks are listed, more than are compared: `fct_territory_comparison` takes the
nearest that have a value. -#}
with territories as (
    select
        territory_level,
        territory_code,
        legal_type,
        population,
        density_per_km2,
        is_in_scope,
        density_per_km2 is not null
        and count(density_per_km2) over (partition by territory_level) > 1 as compares_density
    from {{ ref('dim_territory') }}
    where territory_level not in ('pays', 'commune') and population > 0
),

-- Without an area here, or with no other territory of the level that has one, population alone is compared.
-- Otherwise the candidates need an area too.
paired as (
    select
        own.territory_level,
        own.territory_code,
        candidates.territory_code as similar_code,
        own.legal_type = candidates.legal_type as has_same_type,
        sqrt(
            power(ln(candidates.population / own.population), 2)
            + if(own.compares_density, power(ln(candidates.density_per_km2 / own.density_per_km2), 2), 0)
        ) as distance
    from territories as own
    inner join territories as candidates
        on
            own.territory_level = candidates.territory_level
            and own.territory_code <> candidates.territory_code
            and greatest(candidates.population / own.population, own.population / candidates.population)
            <= {{ threshold('similar_size') }}
    where own.is_in_scope and (not own.compares_density or candidates.density_per_km2 is not null)
),

ranked as (
    select
        *,
        cast(
            row_number() over (
                partition by territory_level, territory_code
                order by has_same_type desc nulls last, distance asc, similar_code asc
            ) as integer
        ) as similarity_rank,
        cast(count(*) over (partition by territory_level, territory_code) as integer) as candidate_count
    from paired
)

select
    territory_level,
    territory_code,
    similarity_rank,
    similar_code,
    has_same_type,
    distance,
    similarity_rank <= least({{ threshold('similar_count') }}, ceil(candidate_count / 2)) as is_nearest,
    candidate_count
from ranked
where similarity_rank <= {{ threshold('similar_kept') }}
