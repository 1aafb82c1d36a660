select
    indicator_code,
    case zone_level
        when 'DEPT' then 'departement'
        when 'REG' then 'region'
        when 'NAT' then 'pays'
    end as territory_level,
    if(zone_level = 'NAT', 'FR', substr(zone_code, 2)) as territory_code,
    read_month,
    value,
    initial_value,
    snapshot_id
from {{ source('raw_ditp', 'ditp_indicators_departement') }}
where
    zone_level in ('DEPT', 'REG', 'NAT')
    -- the priority policies that bear on a lever
    and indicator_code in ('IND-263', 'IND-285', 'IND-292', 'IND-316')
