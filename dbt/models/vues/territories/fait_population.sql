{{ config(tags=['star']) }}

select
    {{ territory_columns('people') }},
    people.year as annee,
    cast(people.population as bigint) as population
from {{ ref('int_populations_dated') }} as people
{{ join_territory('people', in_scope=true) }}
