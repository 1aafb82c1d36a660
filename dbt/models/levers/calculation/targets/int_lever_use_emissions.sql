with emitted as (
    select
        uses.lever_id,
        uses.use_id,
        uses.use_label_fr,
        uses.indicator_id,
        known.territory_level,
        known.territory_code,
        known.year,
        known.value,
        known.value * factors.tco2e_per_unit * conversions.factor as emissions_ktco2e,
        indicators.label_fr || ' : ' || {{ number_fr('known.value') }} || ' ' || unit_labels.label_fr
        || if(factors.tco2e_per_unit = 1, '', ' × ' || {{ number_fr('factors.tco2e_per_unit') }} || ' t CO2e')
        || '. ' || factors.reason_fr as basis
    from {{ ref('lever_uses') }} as uses
    inner join {{ ref('emission_factors') }} as factors on uses.indicator_id = factors.indicator_id
    inner join {{ ref('indicators') }} as indicators on uses.indicator_id = indicators.indicator_id
    inner join {{ ref('unit_labels') }} as unit_labels on indicators.unit = unit_labels.unit
    inner join {{ ref('fct_indicator_value') }} as known on uses.indicator_id = known.indicator_id
    inner join {{ ref('conversions') }} as conversions on conversions.conversion = 'tco2e_to_ktco2e'
    where
        known.value is not null
        and not known.is_anomalous
        and not known.is_incomplete_year
        and not known.is_entered
        and (uses.absent_is_zero or known.completeness_pct >= {{ threshold('key_known_pct') }})
)

select
    lever_id,
    use_id,
    use_label_fr,
    territory_level,
    territory_code,
    year,
    emissions_ktco2e,
    basis,
    max(if(year = {{ threshold('path_start_year') }}, emissions_ktco2e, null)) over each_series
        as emissions_2019_ktco2e
from emitted
window each_series as (partition by lever_id, indicator_id, territory_level, territory_code)
qualify row_number() over (
    partition by lever_id, territory_level, territory_code
    order by year desc, indicator_id asc
) = 1
