-- Observations below `rollup_from` are summed only to be compared, for the indicators of `reconciled_series`.
with finer_observations as (
    select observations.*
    from {{ ref('int_observations_rebased') }} as observations
    inner join {{ ref('indicators') }} as indicators on observations.indicator_id = indicators.indicator_id
    semi join {{ ref('reconciled_series') }} as series
        on
            observations.indicator_id = series.indicator_id
            and observations.indicator_id = series.compared_indicator_id
    where
        indicators.is_additive
        and (observations.territory_level, indicators.rollup_from)
        in (('commune', 'epci'), ('commune', 'departement'), ('epci', 'departement'))
),

parts as (
    select * from {{ ref('int_territory_parts') }}
),

finer_sums as (
    {{ roll_up('finer_observations', 'parts') }}
),

selected as (
    select * from {{ ref('int_values_selected') }}
    where territory_level <> 'commune' and value is not null and not is_incomplete_year
),

pairs as (
    select
        published.indicator_id,
        published.territory_level,
        published.territory_code,
        published.year,
        published.indicator_id as compared_indicator_id,
        published.value as published_value,
        finer_sums.value as rolled_up_value,
        published.completeness_pct as published_completeness_pct,
        finer_sums.completeness_pct as rolled_up_completeness_pct
    from selected as published
    inner join finer_sums
        on
            published.indicator_id = finer_sums.indicator_id
            and {{ same_territory('published', 'finer_sums') }}
            and published.year = finer_sums.year
    where not published.is_rolled_up
    union all
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        indicator_id as compared_indicator_id,
        value as published_value,
        parts_value as rolled_up_value,
        completeness_pct as published_completeness_pct,
        parts_completeness_pct as rolled_up_completeness_pct
    from selected
    where not is_rolled_up
    union all
    select
        published.indicator_id,
        published.territory_level,
        published.territory_code,
        published.year,
        compared.indicator_id as compared_indicator_id,
        published.value as published_value,
        compared.value as rolled_up_value,
        published.completeness_pct as published_completeness_pct,
        compared.completeness_pct as rolled_up_completeness_pct
    from {{ ref('reconciled_series') }} as series
    inner join selected as published on series.indicator_id = published.indicator_id
    inner join selected as compared
        on
            series.compared_indicator_id = compared.indicator_id
            and {{ same_territory('published', 'compared') }}
            and published.year = compared.year
    where series.indicator_id <> series.compared_indicator_id
),

judged as (
    select
        pairs.*,
        coalesce(series.tolerance_pct, {{ threshold('rounding_pct') }}) as tolerance_pct,
        coalesce(series.reason_fr, 'La somme des parties est le tout, aux arrondis près.')
            as tolerance_reason,
        pairs.published_completeness_pct >= {{ threshold('whole_pct') }} as is_published_whole,
        pairs.rolled_up_completeness_pct >= {{ threshold('whole_pct') }} as is_rolled_up_whole
    from pairs
    left join {{ ref('reconciled_series') }} as series
        on
            pairs.indicator_id = series.indicator_id
            and pairs.compared_indicator_id = series.compared_indicator_id
    where pairs.rolled_up_value is not null
)

select
    *,
    published_value - rolled_up_value as difference,
    100 * (rolled_up_value / nullif(published_value, 0) - 1) as difference_pct,
    abs(published_value - rolled_up_value) > tolerance_pct / 100 * abs(published_value)
        as is_beyond_tolerance,
    case
        when is_published_whole and is_beyond_tolerance and rolled_up_value > published_value then false
        when is_rolled_up_whole and is_beyond_tolerance and published_value > rolled_up_value then false
        when is_published_whole and is_rolled_up_whole then true
    end as is_within_tolerance
from judged
