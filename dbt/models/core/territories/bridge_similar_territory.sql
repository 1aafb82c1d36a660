{#- How many are kept of each, since of a series the nearest that have a value are compared, and how many of
them are the similar ones: so many or, of fewer others, the nearer half. -#}
{% set kept = 100 %}
{% set similar = 10 %}
with territories as (
    select
        territory_level,
        territory_code,
        legal_type,
        population,
        density_per_km2,
        is_in_scope
    from {{ ref('dim_territory') }}
    where territory_level not in ('pays', 'commune') and population > 0
),

-- Where the area of neither is known, size alone is compared; where one is, nothing is.
paired as (
    select
        one.territory_level,
        one.territory_code,
        other.territory_code as similar_code,
        one.legal_type = other.legal_type as has_same_type,
        sqrt(
            power(ln(other.population / one.population), 2)
            + coalesce(power(ln(other.density_per_km2 / one.density_per_km2), 2), 0)
        ) as distance
    from territories as one
    inner join territories as other
        on
            one.territory_level = other.territory_level
            and one.territory_code <> other.territory_code
            and (one.density_per_km2 is null) = (other.density_per_km2 is null)
    where one.is_in_scope
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
    similarity_rank <= least({{ similar }}, ceil(candidate_count / 2)) as is_nearest,
    candidate_count
from ranked
where similarity_rank <= {{ kept }}
