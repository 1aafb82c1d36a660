with targets as (
    select * from {{ ref('int_sgpe_targets_joined') }}
)

select
    lever_id,
    region_code,
    framework_version,
    horizon_year,
    'ktco2e_avoided' as measure,
    avoided_ktco2e as value,
    'ktCO2e' as unit,
    false as is_intensive
from targets
union all
select
    lever_id,
    region_code,
    framework_version,
    horizon_year,
    if(is_intensive, 'physical_' || semantics, 'physical_delta') as measure,
    case
        when is_intensive or semantics = 'delta' then physical_value
        else physical_value - start_2019
    end as value,
    unit,
    is_intensive
from targets
where physical_value is not null
