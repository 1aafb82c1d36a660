{#- The same verdict a year earlier at either end: one that hangs on the year is none. -#}
{#- Where the noise of a series is not known, a movement below this share of the start is none. -#}
{% set least_movement = 0.01 %}
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
        series.band,
        coalesce(series.band, {{ least_movement }} * abs(trajectories.start_value)) as margin
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
            else
                from_value
                + (aim - from_value) * least((to_year - from_year) / (target_year - from_year), 1)
        end as path_value
    from aimed
),

-- A movement or a lag as small as the margin is none; 1e-9 of it forgives the arithmetic of decimals.
standings as (
    select
        *,
        case
            when improvement * (to_value - aim) >= 0 then 'target_reached'
            when from_value is null or to_year <= from_year then null
            when abs(to_value - from_value) <= margin * (1 + 1e-9) then 'stable'
            when improvement * (to_value - from_value) < 0 then 'wrong_direction'
            when improvement * (to_value - path_value) >= -margin * (1 + 1e-9) then 'on_track'
            else 'behind'
        end as standing
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
        count(standing) - 1 as variant_count,
        bool_or(standing = 'wrong_direction') and bool_or(standing in ('on_track', 'behind'))
            as direction_hangs_on_year,
        bool_or(standing in ('on_track', 'target_reached'))
        and bool_or(standing in ('behind', 'wrong_direction')) as side_hangs_on_year
    from standings
    group by lever_id, indicator_id, basis, territory_level, territory_code, framework_version
)

select
    standings.lever_id,
    standings.indicator_id,
    standings.basis,
    standings.territory_level,
    standings.territory_code,
    standings.framework_version,
    standings.group_id,
    standings.improvement,
    standings.start_year,
    standings.start_value,
    standings.start_origin,
    standings.series_start_value,
    standings.latest_year,
    standings.latest_value,
    standings.target_year,
    standings.aim as target_value,
    standings.path_value,
    standings.margin,
    standings.ktco2e_per_unit,
    case
        when robust.direction_hangs_on_year and standings.standing <> 'target_reached' then 'stable'
        else standings.standing
    end as standing,
    robust.variant_count,
    robust.direction_hangs_on_year,
    robust.side_hangs_on_year,
    -- A start of the State beside a series that has none is no pace.
    if(
        standings.start_origin = 'series' or standings.series_start_value is not null,
        (standings.to_value - standings.from_value) / nullif(standings.to_year - standings.from_year, 0),
        null
    ) as pace_observed
from standings
inner join robust
    on
        standings.lever_id = robust.lever_id
        and standings.indicator_id = robust.indicator_id
        and standings.basis = robust.basis
        and standings.territory_level = robust.territory_level
        and standings.territory_code = robust.territory_code
        and standings.framework_version = robust.framework_version
where standings.variant = 'main'
