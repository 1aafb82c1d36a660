with components as (
    select
        components.indicator_id,
        components.component_id,
        components.absent_is_zero,
        components.is_optional,
        factors.tco2e_per_unit
    from {{ ref('indicator_components') }} as components
    inner join {{ ref('emission_factors') }} as factors on components.component_id = factors.indicator_id
),

known as (
    select
        selected.indicator_id as component_id,
        selected.territory_level,
        selected.territory_code,
        selected.year,
        selected.reference_date,
        selected.value,
        selected.completeness_pct,
        selected.masked_count,
        selected.is_provisional,
        selected.is_incomplete_year,
        selected.dataset_id,
        selected.snapshot_id
    from {{ ref('int_values_selected') }} as selected
    semi join components on selected.indicator_id = components.component_id
    where selected.value is not null and not selected.is_entered
),

-- A component that is loaded counts in the years that it has.
loaded as (
    select
        components.indicator_id,
        components.component_id,
        components.absent_is_zero,
        components.is_optional,
        components.tco2e_per_unit,
        known.territory_level,
        list(distinct known.year) as years
    from components
    inner join known on components.component_id = known.component_id
    group by all
),

required as (
    select
        indicator_id,
        count(*) filter (where not absent_is_zero) as known_count,
        count(*) filter (where not is_optional) as loaded_count
    from components
    group by indicator_id
),

bases as (
    select
        loaded.indicator_id,
        known.territory_level,
        known.territory_code,
        known.year,
        max(known.reference_date) as reference_date,
        min(known.completeness_pct) as completeness_pct,
        max(known.dataset_id) as dataset_id
    from loaded
    inner join known
        on
            loaded.component_id = known.component_id
            and loaded.territory_level = known.territory_level
    inner join required on loaded.indicator_id = required.indicator_id
    where not loaded.absent_is_zero
    group by loaded.indicator_id, known.territory_level, known.territory_code, known.year
    having count(*) = any_value(required.known_count)
)

select
    bases.indicator_id,
    bases.territory_level,
    bases.territory_code,
    bases.year,
    any_value(bases.reference_date) as reference_date,
    {{ weighted_sum('coalesce(known.value, 0)', 'loaded.tco2e_per_unit') }} as value,
    'estimated' as value_status,
    any_value(bases.completeness_pct) as completeness_pct,
    cast(coalesce(sum(known.masked_count), 0) as bigint) as masked_count,
    bool_or(coalesce(known.is_provisional, false)) as is_provisional,
    any_value(bases.dataset_id) as dataset_id,
    max(known.snapshot_id) filter (where known.dataset_id = bases.dataset_id) as snapshot_id,
    bool_or(coalesce(known.is_incomplete_year, false)) as is_incomplete_year,
    false as is_entered
from bases
inner join loaded
    on
        bases.indicator_id = loaded.indicator_id
        and bases.territory_level = loaded.territory_level
inner join required on bases.indicator_id = required.indicator_id
left join known
    on
        loaded.component_id = known.component_id
        and {{ same_territory('bases', 'known') }}
        and bases.year = known.year
group by bases.indicator_id, bases.territory_level, bases.territory_code, bases.year
having
    bool_and(list_contains(loaded.years, bases.year))
    and count(*) filter (where not loaded.is_optional) = any_value(required.loaded_count)
