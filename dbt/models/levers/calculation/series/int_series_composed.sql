-- The last people counted stand for those of years that are not counted yet.
with people as (
    select
        populations.territory_level,
        populations.territory_code,
        cast(populations.year + later.years as integer) as year,
        populations.population
    from {{ ref('int_populations_dated') }} as populations
    cross join range({{ threshold('recent_age') }} + 1) as later (years)
    where
        later.years = 0
        or populations.year = (select max(counted.year) from {{ ref('int_populations_dated') }} as counted)
),

indicator_values as (
    {{ known_values() }}
    union all by name
    select
        'population' as indicator_id,
        territory_level,
        territory_code,
        year,
        make_date(year, 1, 1) as reference_date,
        population as value,
        false as is_estimated,
        100 as completeness_pct,
        false as is_incomplete_year,
        false as is_anomalous,
        'insee_populations' as dataset_id
    from people
),

terms as (
    select
        composed.indicator_id,
        composed.role,
        composed.coefficient * indicator_values.value as value,
        indicator_values.territory_level,
        indicator_values.territory_code,
        indicator_values.year,
        indicator_values.reference_date,
        indicator_values.is_estimated,
        indicator_values.completeness_pct,
        indicator_values.is_incomplete_year,
        indicator_values.is_anomalous,
        indicator_values.dataset_id
    from {{ ref('composed_series') }} as composed
    inner join indicator_values on composed.term_indicator_id = indicator_values.indicator_id
),

needed as (
    select
        indicator_id,
        count(*) filter (where role in ('term', 'denominator')) as required_count,
        bool_or(role = 'denominator') as has_denominator,
        bool_or(role = 'anchor') as has_anchor
    from {{ ref('composed_series') }}
    group by indicator_id
),

composed as (
    select
        terms.indicator_id,
        terms.territory_level,
        terms.territory_code,
        terms.year,
        count(*) filter (where terms.role in ('term', 'denominator')) as found_count,
        sum(terms.value order by terms.value) filter (
            where terms.role in ('term', 'optional_term')
        ) as term_sum,
        max(terms.value) filter (where terms.role = 'denominator') as denominator,
        max(terms.value) filter (where terms.role = 'continuation') as continuation,
        max(terms.reference_date) filter (where terms.role in ('term', 'optional_term')) as term_date,
        max(terms.reference_date) filter (where terms.role = 'continuation') as continuation_date,
        max(terms.value) filter (where terms.role = 'anchor') as anchor,
        bool_or(terms.is_estimated) as is_estimated,
        min(terms.completeness_pct) as completeness_pct,
        bool_or(terms.is_incomplete_year) as is_incomplete_year,
        bool_or(terms.is_anomalous) as is_anomalous,
        coalesce(
            min(terms.dataset_id) filter (where terms.role in ('term', 'continuation')), min(terms.dataset_id)
        ) as dataset_id
    from terms
    group by terms.indicator_id, terms.territory_level, terms.territory_code, terms.year
),

-- `factor` makes the sum of the terms a count: the State's count over that sum in the last year of both.
anchored as (
    select
        indicator_id,
        territory_level,
        territory_code,
        arg_max(anchor / term_sum, year) filter (where anchor is not null and term_sum > 0) as factor
    from composed
    group by indicator_id, territory_level, territory_code
),

valued as (
    select
        composed.indicator_id,
        composed.territory_level,
        composed.territory_code,
        composed.year,
        case
            when composed.found_count < needed.required_count then composed.continuation
            when needed.has_denominator then composed.term_sum / nullif(composed.denominator, 0)
            when needed.has_anchor then composed.term_sum * anchored.factor
            else composed.term_sum
        end as value,
        if(
            composed.found_count < needed.required_count, composed.continuation_date, composed.term_date
        ) as reference_date,
        composed.is_estimated,
        composed.completeness_pct,
        composed.is_incomplete_year,
        composed.is_anomalous,
        composed.dataset_id
    from composed
    inner join needed on composed.indicator_id = needed.indicator_id
    inner join anchored
        on
            composed.indicator_id = anchored.indicator_id
            and {{ same_territory('composed', 'anchored') }}
)

select
    indicator_id,
    territory_level,
    territory_code,
    year,
    reference_date,
    value,
    is_estimated,
    completeness_pct,
    is_incomplete_year,
    is_anomalous,
    dataset_id
from valued
where value is not null
