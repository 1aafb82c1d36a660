with observations as (
    select
        observed.lever_id,
        observed.indicator_id,
        observed.basis,
        observed.territory_level,
        observed.territory_code,
        observed.year,
        observed.read_at,
        kinds.kind,
        if(kinds.kind = 'raw', observed.usable_value, observed.mean_value) as value
    from {{ ref('int_verdict_observations') }} as observed
    cross join (values ('raw'), ('mean')) as kinds (kind)
),

-- Like for like: both ends are of one kind. A series without a start of its own goes from that of the State.
pairs as (
    select
        trajectories.*,
        series.start_year as series_start_year,
        series.latest_year,
        last_ones.kind,
        last_ones.kind = if(series.smoothing_years = 1, 'raw', 'mean') as is_own_kind,
        coalesce(first_ones.year, trajectories.start_year) as from_year,
        coalesce(first_ones.read_at, trajectories.start_year) as from_at,
        coalesce(first_ones.value, trajectories.start_value) as from_value,
        last_ones.year as end_year,
        last_ones.read_at as end_at,
        last_ones.value as end_value
    from {{ ref('int_verdict_trajectories') }} as trajectories
    inner join {{ ref('int_verdict_series_selected') }} as series
        on
            trajectories.lever_id = series.lever_id
            and trajectories.indicator_id = series.indicator_id
            and trajectories.basis = series.basis
            and trajectories.territory_level = series.territory_level
            and trajectories.territory_code = series.territory_code
    inner join observations as last_ones
        on
            trajectories.lever_id = last_ones.lever_id
            and trajectories.indicator_id = last_ones.indicator_id
            and trajectories.basis = last_ones.basis
            and trajectories.territory_level = last_ones.territory_level
            and trajectories.territory_code = last_ones.territory_code
            and last_ones.year in (series.latest_year, series.previous_year)
            and last_ones.value is not null
    left join observations as first_ones
        on
            last_ones.lever_id = first_ones.lever_id
            and last_ones.indicator_id = first_ones.indicator_id
            and last_ones.basis = first_ones.basis
            and last_ones.territory_level = first_ones.territory_level
            and last_ones.territory_code = first_ones.territory_code
            and last_ones.kind = first_ones.kind
            and first_ones.year in (series.start_year, series.earlier_start_year)
            and first_ones.value is not null
    where first_ones.year is not null or series.start_year is null
),

-- The path of the State starts where the State says, that of a series where the series does.
aimed as (
    select
        *,
        if(start_origin = 'state', start_year, from_year) as path_start_year,
        if(start_origin = 'state', start_year, from_at) as path_start_at,
        if(start_origin = 'state', start_value, from_value) as path_start,
        if(
            no_target_code is null,
            coalesce(target_level, path_start + target_change, path_start * target_ratio),
            null
        ) as aim
    from pairs
),

placed as (
    select
        *,
        case
            when improvement * (aim - path_start) <= 0 then aim
            else
                path_start
                + (aim - path_start)
                * least((end_at - path_start_at) / (target_year - path_start_at), 1)
        end as path_value,
        end_value - path_value as gap,
        if(end_year > from_year, improvement * (from_value - end_value), null) as moves_away_by
    from aimed
)

select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    framework_version,
    kind,
    from_year as start_year,
    from_at as start_at,
    from_value as start_value,
    end_year,
    end_at,
    end_value,
    path_value,
    gap,
    improvement * gap as ahead_by,
    moves_away_by,
    is_own_kind,
    is_own_kind
    and end_year = latest_year
    and coalesce(from_year = coalesce(series_start_year, path_start_year), true) as is_main
from placed
