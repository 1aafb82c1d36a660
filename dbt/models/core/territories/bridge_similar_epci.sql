{#- How many are kept of each. -#}
{% set kept = 10 %}
with epci as (
    select
        territory_code,
        legal_type,
        population,
        density_per_km2
    from {{ ref('dim_territory') }}
    where territory_level = 'epci' and population > 0 and density_per_km2 > 0
),

paired as (
    select
        one.territory_code as epci_code,
        other.territory_code as similar_epci_code,
        coalesce(one.legal_type = other.legal_type, false) as has_same_type,
        sqrt(
            power(ln(other.population / one.population), 2)
            + power(ln(other.density_per_km2 / one.density_per_km2), 2)
        ) as distance
    from epci as one
    inner join epci as other on one.territory_code <> other.territory_code
),

ranked as (
    select
        epci_code,
        similar_epci_code,
        has_same_type,
        distance,
        cast(
            row_number() over (
                partition by epci_code
                order by has_same_type desc, distance asc, similar_epci_code asc
            ) as integer
        ) as similarity_rank
    from paired
)

select
    epci_code,
    similarity_rank,
    similar_epci_code,
    has_same_type,
    distance
from ranked
where similarity_rank <= {{ kept }}
