with published as (
    select * from {{ ref('int_observations_rebased') }}
),

rolled_up as (
    select * from {{ ref('int_observations_rolled_up') }}
),

-- A published row that holds no value and hides none gives way to the sum of its parts.
kept as (
    select published.*
    from published
    left join rolled_up using (indicator_id, territory_level, territory_code, year)
    where published.value_status <> 'missing' or rolled_up.value is null
)

select
    kept.*,
    false as is_rolled_up
from kept
union all
select
    rolled_up.*,
    true as is_rolled_up
from rolled_up
anti join kept using (indicator_id, territory_level, territory_code, year)
