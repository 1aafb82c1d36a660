with epci as (
    select territory_code
    from {{ ref('dim_territory') }}
    where territory_level = 'epci'
),

paired as (
    select
        territory_code as epci_code,
        unnest(string_split(adjacent_codes, ' ')) as adjacent_epci_code
    from {{ ref('int_contours_simplified') }}
    where territory_level = 'epci'
)

select
    paired.epci_code,
    paired.adjacent_epci_code
from paired
semi join epci on paired.epci_code = epci.territory_code
semi join epci as other on paired.adjacent_epci_code = other.territory_code
