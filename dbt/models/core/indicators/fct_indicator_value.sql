{% set measures = {
    'int_values_selected': "if(is_rolled_up, 'population', 'source')",
    'int_ratios_computed': "'terms'",
    'int_values_composed': "'terms'"
} %}

with indicator_values as (
    {% for model, measure in measures.items() %}
        select
            indicator_id,
            territory_level,
            territory_code,
            year,
            reference_date,
            value,
            value_status,
            completeness_pct,
            {{ measure }} as completeness_measure,
            masked_count,
            is_provisional,
            is_incomplete_year,
            is_entered,
            dataset_id,
            snapshot_id
        from {{ ref(model) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

impossible as (
    select distinct
        indicator_id,
        territory_level,
        territory_code,
        year
    from {{ ref('int_anomalies_detected') }}
    where is_impossible
)

select
    indicator_values.indicator_id,
    indicator_values.territory_level,
    indicator_values.territory_code,
    indicator_values.year,
    indicator_values.reference_date,
    indicator_values.value,
    indicators.unit,
    indicator_values.value_status,
    if(indicators.same_series_as is null, indicator_values.completeness_pct, originals.completeness_pct)
        as completeness_pct,
    coalesce(originals.completeness_measure, indicator_values.completeness_measure) as completeness_measure,
    indicator_values.masked_count,
    indicator_values.is_provisional,
    indicator_values.is_incomplete_year,
    impossible.indicator_id is not null as is_anomalous,
    coalesce(
        {{ is_years_apart(
            'indicator_values.reference_date',
            'max(if(
                indicator_values.value is null
                or indicator_values.is_incomplete_year
                or impossible.indicator_id is not null,
                null,
                indicator_values.reference_date
            )) over each_series'
        ) }},
        false
    ) as compares_with_latest,
    indicator_values.is_entered,
    indicator_values.dataset_id,
    indicator_values.snapshot_id
from indicator_values
left join {{ ref('indicators') }} as indicators
    on indicator_values.indicator_id = indicators.indicator_id
-- A coat of another series is as complete as that, whatever its producer says.
left join indicator_values as originals
    on
        indicators.same_series_as = originals.indicator_id
        and {{ same_territory('indicator_values', 'originals') }}
        and indicator_values.year = originals.year
left join impossible
    on
        indicator_values.indicator_id = impossible.indicator_id
        and {{ same_territory('indicator_values', 'impossible') }}
        and indicator_values.year = impossible.year
window
    each_series as (
        partition by
            indicator_values.indicator_id,
            indicator_values.territory_level,
            indicator_values.territory_code
    )
order by
    indicator_values.indicator_id,
    indicator_values.territory_level,
    indicator_values.year,
    indicator_values.territory_code
