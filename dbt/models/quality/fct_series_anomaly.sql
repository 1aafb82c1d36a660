select
    anomalies.indicator_id,
    anomalies.territory_level,
    anomalies.territory_code,
    anomalies.year,
    anomalies.kind,
    anomalies.value,
    anomalies.expected_low,
    anomalies.expected_high,
    indicators.unit,
    unit_labels.label_fr as unit_label_fr,
    anomalies.compared_indicator_id,
    anomalies.is_impossible,
    anomalies.reason,
    {{ label_fr('anomaly_kind', 'anomalies.kind') }} as kind_label_fr
from {{ ref('int_anomalies_detected') }} as anomalies
inner join {{ ref('indicators') }} as indicators on anomalies.indicator_id = indicators.indicator_id
left join {{ ref('unit_labels') }} as unit_labels on indicators.unit = unit_labels.unit
-- a ratio with an impossible numerator or denominator has no `kind`: it is no finding of its own
where anomalies.kind is not null
