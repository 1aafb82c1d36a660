select
    neighbours.territory_level,
    neighbours.territory_code,
    neighbours.adjacent_code
from {{ ref('bridge_adjacent_territory') }} as neighbours
anti join {{ ref('bridge_adjacent_territory') }} as theirs
    on
        neighbours.territory_level = theirs.territory_level
        and neighbours.territory_code = theirs.adjacent_code
        and neighbours.adjacent_code = theirs.territory_code
