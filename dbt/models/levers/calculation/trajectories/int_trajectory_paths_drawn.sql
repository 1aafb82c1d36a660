with observed as (
    select
        *,
        {{ read_at('year', 'reference_date') }} as read_at
    from {{ ref('fct_verdict_value') }}
),

lines as (
    select
        trajectories.lever_id,
        trajectories.indicator_id,
        trajectories.basis,
        trajectories.territory_level,
        trajectories.territory_code,
        trajectories.framework_version,
        trajectories.good_sign,
        trajectories.start_year,
        trajectories.start_value,
        trajectories.target_year,
        if(trajectories.no_target_code is null, trajectories.target_value, null) as target_value,
        coalesce(
            max(observed.read_at) filter (
                where observed.year = trajectories.start_year and trajectories.start_origin = 'series'
            ),
            any_value(trajectories.start_year)
        ) as start_at,
        max(greatest(trajectories.target_year, observed.year)) as last_year
    from {{ ref('int_verdict_trajectories') }} as trajectories
    left join observed on {{ same_series('trajectories', 'observed') }}
    group by all
),

years as (
    select
        *,
        cast(
            unnest(generate_series(coalesce(start_year, {{ threshold('path_start_year') }}), last_year))
            as integer
        ) as year
    from lines
)

select
    years.lever_id,
    years.indicator_id,
    years.basis,
    years.territory_level,
    years.territory_code,
    years.framework_version,
    years.year,
    observed.published_value,
    observed.published_value is not null and observed.left_out_because is null as is_usable,
    observed.compared_value,
    years.target_value,
    {{ straight_path(
        'years.good_sign',
        'years.start_value',
        'years.target_value',
        'years.start_at',
        'years.target_year',
        'coalesce(observed.read_at, years.year)'
    ) }} as path_value
from years
left join observed
    on
        {{ same_series('years', 'observed') }}
        and years.year = observed.year
