select
    territory_code as epci_code,
    adjacent_code as adjacent_epci_code
from {{ ref('bridge_adjacent_territory') }}
where territory_level = 'epci'
