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

-- Both ends are of one kind. A series without a start of its own has its ends alone.
ends as (
    select
        series.lever_id,
        series.indicator_id,
        series.basis,
        series.territory_level,
        series.territory_code,
        series.start_year as series_start_year,
        series.latest_year,
        last_ones.kind,
        last_ones.kind = if(series.smoothing_years = 1, 'raw', 'mean') as is_own_kind,
        first_ones.year as start_year,
        first_ones.read_at as start_at,
        first_ones.value as start_value,
        last_ones.year as end_year,
        last_ones.read_at as end_at,
        last_ones.value as end_value
    from {{ ref('int_verdict_series_selected') }} as series
    inner join observations as last_ones
        on
            {{ same_series('series', 'last_ones') }}
            and last_ones.year in (series.latest_year, series.previous_year)
            and last_ones.value is not null
    left join observations as first_ones
        on
            {{ same_series('last_ones', 'first_ones') }}
            and last_ones.kind = first_ones.kind
            and first_ones.year in (series.start_year, series.earlier_start_year)
            and first_ones.value is not null
    where first_ones.year is not null or series.start_year is null
)

select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    kind,
    start_year,
    start_at,
    start_value,
    end_year,
    end_at,
    end_value,
    is_own_kind,
    is_own_kind
    and end_year = latest_year
    and coalesce(start_year = series_start_year, series_start_year is null) as is_main
from ends
