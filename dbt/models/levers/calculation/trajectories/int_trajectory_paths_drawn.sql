with path_ends as (
    select
        listed.lever_id,
        listed.indicator_id,
        listed.basis,
        listed.territory_level,
        listed.territory_code,
        listed.framework_version,
        listed.improvement,
        listed.start_year,
        listed.start_value,
        listed.target_year,
        if(listed.no_target_code is null, listed.target_value, null) as target_value,
        coalesce(
            max(observed.read_at) filter (
                where observed.year = listed.start_year and listed.start_origin = 'series'
            ),
            any_value(listed.start_year)
        ) as start_at,
        max(greatest(listed.target_year, observed.year)) as last_year
    from {{ ref('int_verdict_lines_listed') }} as listed
    left join {{ ref('int_verdict_observations') }} as observed
        on {{ same_series('listed', 'observed') }}
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
