select
    listed.key_id,
    territories.region_code,
    anomalies.territory_level,
    anomalies.territory_code,
    anomalies.year,
    string_agg(distinct anomalies.reason, ' ' order by anomalies.reason) as reason
from {{ ref('int_anomalies_detected') }} as anomalies
inner join {{ ref('int_allocation_keys_listed') }} as listed
    on
        (anomalies.indicator_id, anomalies.territory_level)
        in ((listed.indicator_id, listed.key_level), (listed.spread_indicator_id, listed.spread_level))
inner join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('anomalies', 'territories') }}
where anomalies.is_impossible
group by all
