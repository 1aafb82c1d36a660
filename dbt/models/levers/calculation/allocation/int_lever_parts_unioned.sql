{{ config(materialized='kept_view') }}
select
    summed.lever_id,
    summed.territory_level,
    summed.territory_code,
    summed.region_code,
    summed.horizon_year,
    summed.measure,
    summed.value,
    summed.unit,
    summed.framework_version,
    selected.key_id,
    summed.key_value,
    summed.key_value / selected.total_weight as key_share,
    selected.is_proxy or summed.is_spread or summed.is_estimated as is_proxy,
    nullif(
        concat_ws(
            ' ',
            selected.proxy_reason_fr,
            if(
                summed.is_spread,
                'Connu par ' || if(selected.key_level = 'epci', 'EPCI', 'département')
                || ', ventilé entre communes selon : '
                || lower(left(selected.spread_label_fr, 1)) || substr(selected.spread_label_fr, 2) || '.',
                null
            ),
            if(summed.is_estimated, 'Sans valeur en partie : moyenne régionale par habitant.', null)
        ),
        ''
    ) as proxy_reason,
    selected.key_year,
    selected.key_source,
    summed.is_remainder
from {{ ref('int_lever_parts_allocated') }} as summed
inner join {{ ref('int_allocation_key_selected') }} as selected
    on
        summed.lever_id = selected.lever_id
        and summed.region_code = selected.region_code
union all
select
    lever_id,
    territory_level,
    territory_code,
    region_code,
    horizon_year,
    measure,
    value,
    unit,
    framework_version,
    'same_as_region' as key_id,
    null as key_value,
    null as key_share,
    false as is_proxy,
    null as proxy_reason,
    null as key_year,
    null as key_source,
    false as is_remainder
from {{ ref('int_lever_parts_without_key') }}
