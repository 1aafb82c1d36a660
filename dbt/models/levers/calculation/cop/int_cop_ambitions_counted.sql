{#- Where territories overlap, the lowest `precedence` counts. The other levels have 3. The EPCI sign. -#}
{% set precedence = {'epci': 1, 'commune': 2, 'departement': 4} %}
-- A commitment without a figure that adds up is listed once, as `ktco2e_avoided`.
with figures as (
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        'ktco2e_avoided' as measure,
        asked_ktco2e as asked,
        done_or_planned_ktco2e as done_or_planned,
        new_ambition_ktco2e as new_ambition
    from {{ ref('int_cop_commitments_summed') }}
    where
        coalesce(asked_ktco2e, done_or_planned_ktco2e, new_ambition_ktco2e) is not null
        or coalesce(asked_delta, done_or_planned_delta, new_ambition_delta) is null
    union all
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        'physical_delta' as measure,
        asked_delta as asked,
        done_or_planned_delta as done_or_planned,
        new_ambition_delta as new_ambition
    from {{ ref('int_cop_commitments_summed') }}
    where coalesce(asked_delta, done_or_planned_delta, new_ambition_delta) is not null
),

-- A territory across a border counts in the region where most of its people live.
ambitions as (
    select
        figures.*,
        territories.region_code,
        territories.name as territory_name,
        case figures.territory_level
            {% for level, rank in precedence.items() %}
                when '{{ level }}' then {{ rank }}
            {% endfor %}
            else 3
        end as precedence
    from figures
    inner join {{ ref('int_territories_unioned') }} as territories
        on {{ same_territory('figures', 'territories') }}
    where figures.territory_level not in ('region', 'pays')
),

memberships as (
    select * from {{ ref('int_commune_memberships') }}
),

ambitious_communes as (
    select
        ambitions.*,
        memberships.commune_code
    from ambitions
    inner join memberships
        on {{ same_territory('ambitions', 'memberships') }}
    where ambitions.new_ambition is not null
),

overlapping as (
    select
        later.lever_id,
        later.territory_level,
        later.territory_code,
        later.horizon_year,
        later.measure,
        string_agg(distinct earlier.territory_name, ', ' order by earlier.territory_name) as counted_names
    from ambitious_communes as later
    inner join ambitious_communes as earlier
        on
            later.commune_code = earlier.commune_code
            and later.lever_id = earlier.lever_id
            and later.horizon_year = earlier.horizon_year
            and later.measure = earlier.measure
            and (later.precedence, later.territory_level) > (earlier.precedence, earlier.territory_level)
    group by later.lever_id, later.territory_level, later.territory_code, later.horizon_year, later.measure
)

select
    ambitions.lever_id,
    ambitions.territory_level,
    ambitions.territory_code,
    ambitions.territory_name,
    ambitions.region_code,
    ambitions.horizon_year,
    ambitions.measure,
    ambitions.asked,
    ambitions.done_or_planned,
    ambitions.new_ambition,
    ambitions.new_ambition is not null and overlapping.lever_id is null as is_counted,
    overlapping.counted_names
from ambitions
left join overlapping
    on
        ambitions.lever_id = overlapping.lever_id
        and {{ same_territory('ambitions', 'overlapping') }}
        and ambitions.horizon_year = overlapping.horizon_year
        and ambitions.measure = overlapping.measure
