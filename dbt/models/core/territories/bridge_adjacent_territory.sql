with paired as (
    select
        territory_level,
        territory_code,
        unnest(string_split(adjacent_codes, ' ')) as adjacent_code
    from {{ ref('int_contours_simplified') }}
)

select
    paired.territory_level,
    paired.territory_code,
    paired.adjacent_code
from paired
semi join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('paired', 'territories') }}
semi join {{ ref('int_territories_unioned') }} as neighbours
    on
        paired.territory_level = neighbours.territory_level
        and paired.adjacent_code = neighbours.territory_code
