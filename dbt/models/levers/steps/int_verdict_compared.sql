{#- The same verdict a year earlier at either end: one that hangs on the year is none. -#}
with judged as (
    select
        trajectories.*,
        series.start_value as series_start_value,
        series.earlier_start_year,
        series.earlier_start_value,
        series.latest_year,
        series.latest_value,
        series.previous_year,
        series.previous_value,
        series.band
    from {{ ref('int_verdict_trajectories') }} as trajectories
    inner join {{ ref('int_verdict_series_selected') }} as series
        on
            trajectories.lever_id = series.lever_id
            and trajectories.indicator_id = series.indicator_id
            and trajectories.basis = series.basis
            and trajectories.territory_level = series.territory_level
            and trajectories.territory_code = series.territory_code
    where trajectories.no_target_reason is null and series.latest_value is not null
),

variants as (
    select
        *,
        'main' as variant,
        start_year as from_year,
        start_value as from_value,
        latest_year as to_year,
        latest_value as to_value
    from judged
    union all
    select
        *,
        'year_before' as variant,
        start_year as from_year,
        start_value as from_value,
        previous_year as to_year,
        previous_value as to_value
    from judged
    where previous_year is not null
    union all
    select
        *,
        'earlier_start' as variant,
        earlier_start_year as from_year,
        earlier_start_value as from_value,
        latest_year as to_year,
        latest_value as to_value
    from judged
    where earlier_start_value is not null and start_origin = 'series'
),

aimed as (
    select
        *,
        coalesce(target_level, from_value + target_change, from_value * target_ratio) as aim
    from variants
),

placed as (
    select
        *,
        case
            when improvement * (aim - from_value) <= 0 then aim
            else from_value + (aim - from_value) * least((to_year - from_year) / (target_year - from_year), 1)
        end as path
    from aimed
),

-- A movement as small as the band is none; 1e-9 of it forgives the arithmetic of decimals.
classed as (
    select
        *,
        case
            when improvement * (to_value - aim) >= 0 then 'target_reached'
            when from_value is null or to_year <= from_year then null
            when abs(to_value - from_value) <= band * (1 + 1e-9) then 'stable'
            when improvement * (to_value - from_value) < 0 then 'wrong_direction'
            when improvement * (to_value - path) >= 0 then 'on_track'
            else 'behind'
        end as class
    from placed
),

robust as (
    select
        lever_id,
        indicator_id,
        basis,
        territory_level,
        territory_code,
        framework_version,
        count(class) - 1 as variant_count,
        bool_or(class = 'wrong_direction') and bool_or(class in ('on_track', 'behind')) as direction_hangs_on_year,
        bool_or(class in ('on_track', 'target_reached')) and bool_or(class in ('behind', 'wrong_direction'))
            as side_hangs_on_year
    from classed
    group by lever_id, indicator_id, basis, territory_level, territory_code, framework_version
)

select
    classed.lever_id,
    classed.indicator_id,
    classed.basis,
    classed.territory_level,
    classed.territory_code,
    classed.framework_version,
    classed.group_id,
    classed.improvement,
    classed.start_year,
    classed.start_value,
    classed.start_origin,
    classed.series_start_value,
    classed.latest_year,
    classed.latest_value,
    classed.target_year,
    classed.aim as target_value,
    classed.path as path_value,
    classed.band,
    classed.ktco2e_per_unit,
    if(robust.direction_hangs_on_year and classed.class <> 'target_reached', 'stable', classed.class) as class,
    robust.variant_count,
    robust.direction_hangs_on_year,
    robust.side_hangs_on_year,
    -- The pace is that of one series: a start of the State beside a series of other networks or counts has none.
    if(
        classed.start_origin = 'series' or classed.series_start_value is not null,
        (classed.to_value - classed.from_value) / nullif(classed.to_year - classed.from_year, 0),
        null
    ) as pace_observed
from classed
inner join robust
    on
        classed.lever_id = robust.lever_id
        and classed.indicator_id = robust.indicator_id
        and classed.basis = robust.basis
        and classed.territory_level = robust.territory_level
        and classed.territory_code = robust.territory_code
        and classed.framework_version = robust.framework_version
where classed.variant = 'main'
