-- Tells what weakens each series: the part that is not known, breaks between its ends, entries by a person.
-- Readings and doubts follow from these numbers.

-- The share of the whole that the series covers, if no part of that whole is hidden; for a partial basis, of
-- the year before too.
with coverage as (
    select
        rules.lever_id,
        rules.indicator_id,
        rules.basis,
        covered.territory_level,
        covered.territory_code,
        100 * least(
            first(covered.value / nullif(wholes.value, 0) order by covered.year desc, wholes.year desc), 1
        ) as covered_pct
    from {{ ref('verdict_rules') }} as rules
    inner join {{ ref('fct_indicator_value') }} as covered
        on rules.covered_indicator_id = covered.indicator_id
    inner join {{ ref('fct_indicator_value') }} as wholes
        on
            rules.whole_indicator_id = wholes.indicator_id
            and {{ same_territory('covered', 'wholes') }}
            and wholes.year between covered.year - if(rules.basis = 'partial', 1, 0) and covered.year
            and coalesce(wholes.masked_count, 0) = 0
            and covered.completeness_pct <= wholes.completeness_pct
    group by rules.lever_id, rules.indicator_id, rules.basis, covered.territory_level, covered.territory_code
),

breaks_declared as (
    select
        indicator_id,
        break_year,
        reason_fr,
        null as territory_level,
        null as territory_code,
        null as broken_pct
    from {{ ref('series_breaks') }}
    union all by name
    select
        indicator_id,
        break_year,
        reason_fr,
        territory_level,
        territory_code,
        broken_pct
    from {{ ref('int_territory_breaks_detected') }}
),

parts_of_sums as (
    select distinct
        rules.lever_id,
        composed.term_indicator_id as indicator_id
    from {{ ref('verdict_rules') }} as rules
    inner join {{ ref('composed_series') }} as composed on rules.indicator_id = composed.indicator_id
),

-- Breaks between start and end. Their effects are added if all are known.
breaks as (
    select
        series.lever_id,
        series.indicator_id,
        series.basis,
        series.territory_level,
        series.territory_code,
        string_agg(
            distinct breaks_declared.reason_fr, ' '
            order by breaks_declared.reason_fr
        ) as reason_fr,
        if(
            count(*) = count(breaks_declared.broken_pct),
            sum(breaks_declared.broken_pct order by breaks_declared.break_year),
            null
        ) as broken_pct
    from {{ ref('int_verdict_series_selected') }} as series
    left join {{ ref('composed_series') }} as composed on series.indicator_id = composed.indicator_id
    inner join breaks_declared
        on
            breaks_declared.indicator_id in (series.indicator_id, composed.term_indicator_id)
            and series.territory_level = coalesce(breaks_declared.territory_level, series.territory_level)
            and series.territory_code = coalesce(breaks_declared.territory_code, series.territory_code)
            and series.start_year < breaks_declared.break_year
            and series.latest_year >= breaks_declared.break_year
    group by
        series.lever_id,
        series.indicator_id,
        series.basis,
        series.territory_level,
        series.territory_code
)

select
    series.lever_id,
    series.indicator_id,
    series.basis,
    series.territory_level,
    series.territory_code,
    coverage.covered_pct as covered_share_pct,
    series.basis = 'partial' or rules.whole_indicator_id is not null as is_covering,
    if(is_covering, coverage.covered_pct, series.completeness_pct) as known_pct,
    breaks.indicator_id is not null as is_broken,
    breaks.reason_fr as break_reason,
    breaks.broken_pct / 100 * abs(series.latest_value) as break_effect,
    rules.heating_use is not null as is_heating,
    case
        when is_heating and series.is_climate_corrected then 'degree_days'
        when units.is_climate_corrected then 'source'
        else 'none'
    end as climate_correction,
    is_heating and not series.is_climate_corrected as lacks_climate,
    datasets.verified as source_is_verified,
    entered.licence as entered_licence,
    -- True if this series is a term of a composed series that judges the same lever, which is shown first.
    parts_of_sums.lever_id is not null as is_part
from {{ ref('int_verdict_series_selected') }} as series
inner join {{ ref('verdict_rules') }} as rules on {{ same_rule('series', 'rules') }}
inner join {{ ref('indicators') }} as indicators on series.indicator_id = indicators.indicator_id
left join {{ ref('unit_labels') }} as units on indicators.unit = units.unit
left join coverage on {{ same_series('series', 'coverage') }}
left join breaks on {{ same_series('series', 'breaks') }}
left join {{ ref('dim_dataset') }} as datasets on series.dataset_id = datasets.dataset_id
left join {{ ref('int_series_entered') }} as entered
    on
        series.indicator_id = entered.indicator_id
        and {{ same_territory('series', 'entered') }}
left join parts_of_sums
    on
        series.lever_id = parts_of_sums.lever_id
        and series.indicator_id = parts_of_sums.indicator_id
