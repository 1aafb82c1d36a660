with path_ends as (
    select
        ends.lever_id,
        ends.indicator_id,
        ends.basis,
        ends.territory_level,
        ends.territory_code,
        ends.framework_version,
        ends.improvement,
        ends.start_year,
        ends.start_value,
        ends.target_year,
        if(ends.no_target_code is null, ends.target_value, null) as target_value,
        coalesce(
            max(observed.read_at) filter (
                where observed.year = ends.start_year and ends.start_origin = 'series'
            ),
            any_value(ends.start_year)
        ) as start_at,
        max(greatest(ends.target_year, observed.year)) as last_year
    from {{ ref('int_verdict_ends') }} as ends
    left join {{ ref('int_verdict_observations') }} as observed
        on {{ same_series('ends', 'observed') }}
    group by all
),

years as (
    select
        *,
        cast(
            unnest(generate_series(coalesce(start_year, {{ threshold('path_start_year') }}), last_year))
            as integer
        ) as year
    from path_ends
)

select
    years.lever_id,
    years.indicator_id,
    years.basis,
    years.territory_level,
    years.territory_code,
    years.framework_version,
    years.year,
    observed.raw_value as published_value,
    coalesce(observed.is_usable, false) as is_usable,
    observed.value as compared_value,
    years.target_value,
    {{ straight_path(
        'years.improvement',
        'years.start_value',
        'years.target_value',
        'years.start_at',
        'years.target_year',
        'coalesce(observed.read_at, years.year)'
    ) }} as path_value
from years
left join {{ ref('int_verdict_observations') }} as observed
    on
        {{ same_series('years', 'observed') }}
        and years.year = observed.year
