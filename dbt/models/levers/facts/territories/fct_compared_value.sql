with places as (
    select
        territory_level,
        territory_code
    from {{ ref('int_territories_unioned') }}
    where is_in_scope
    union
    select
        territory_level,
        similar_code as territory_code
    from {{ ref('bridge_similar_territory') }}
    where is_nearest
    union
    select
        adjacent.territory_level,
        adjacent.adjacent_code as territory_code
    from {{ ref('bridge_adjacent_territory') }} as adjacent
    inner join {{ ref('int_territories_unioned') }} as territories
        on
            {{ same_territory('adjacent', 'territories') }}
            and territories.is_in_scope
)

select
    compared.indicator_id,
    compared.territory_level,
    compared.territory_code,
    compared.year,
    compared.value,
    compared.compared_unit_fr,
    compared.population_year,
    compared.completeness_pct,
    compared.is_whole,
    not compared.is_whole and compared.compared_per <> 'rate' as is_least,
    compared.dataset_id,
    compared.snapshot_id
from {{ ref('int_values_compared') }} as compared
semi join places
    on {{ same_territory('compared', 'places') }}
where compared.value is not null and compared.completeness_pct >= {{ threshold('half_known_pct') }}
qualify row_number() over (
    partition by compared.indicator_id, compared.territory_level, compared.territory_code
    order by compared.year desc
) = 1
