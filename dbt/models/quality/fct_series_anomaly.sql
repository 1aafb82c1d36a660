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
    anomalies.compared_indicator_id,
    anomalies.is_impossible,
    anomalies.reason
from {{ ref('int_anomalies_detected') }} as anomalies
inner join {{ ref('indicators') }} as indicators on anomalies.indicator_id = indicators.indicator_id
