with known as (
    select
        indicator_id,
        string_agg(distinct territory_level, ', ' order by territory_level) as levels_with_values,
        min(year) as first_year,
        max(year) as last_year,
        count(*) as value_count,
        coalesce(
            median(abs(value)) filter (where territory_level = 'region'), max(abs(value))
        ) as usual_amount
    from {{ ref('fct_indicator_value') }}
    where value is not null
    group by indicator_id
)

select
    indicators.indicator_id,
    indicators.label_fr,
    indicators.label_en,
    indicators.unit,
    unit_labels.label_fr as unit_label_fr,
    indicators.direction,
    indicators.is_additive,
    indicators.numerator_id,
    indicators.denominator_id,
    indicators.same_series_as,
    indicators.dataset_id,
    indicators.finest_level,
    indicators.rollup_from,
    indicators.method,
    indicators.method_fr,
    indicators.min_plausible,
    indicators.max_plausible,
    indicators.source,
    {{ label_fr('direction', 'indicators.direction') }} as direction_label_fr,
    coalesce(codes.short_code, indicators.indicator_id) as short_code,
    known.indicator_id is not null as has_values,
    known.levels_with_values,
    {{ labels_fr('territory_level', 'known.levels_with_values', ', ') }} as levels_with_values_label_fr,
    known.first_year,
    known.last_year,
    coalesce(known.value_count, 0) as value_count,
    ratios.factor as ratio_factor,
    scales.display_unit_fr,
    scales.display_factor,
    if(known.usual_amount * scales.display_factor >= 100, 0, scales.display_decimals) as display_decimals,
    comparisons.compared_per,
    {{ label_fr('compared_per', 'comparisons.compared_per') }} as compared_per_label_fr,
    comparisons.compared_unit_fr,
    comparisons.compared_factor,
    coalesce(
        short_names.short_name_fr, if(length(indicators.label_fr) <= 28, indicators.label_fr, null)
    ) as short_name_fr
from {{ ref('indicators') }} as indicators
left join {{ ref('unit_labels') }} as unit_labels on indicators.unit = unit_labels.unit
left join {{ ref('indicator_codes') }} as codes on indicators.indicator_id = codes.indicator_id
left join {{ ref('int_indicator_scales') }} as comparisons
    on indicators.indicator_id = comparisons.indicator_id
left join {{ ref('int_ratios_listed') }} as ratios on indicators.indicator_id = ratios.indicator_id
left join {{ ref('indicator_names') }} as short_names on indicators.indicator_id = short_names.indicator_id
left join known on indicators.indicator_id = known.indicator_id
asof left join {{ ref('dim_unit_scale') }} as scales
    on
        indicators.unit = scales.unit
        and coalesce(known.usual_amount, 0) >= scales.at_least
