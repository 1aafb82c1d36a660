with parts as (
    select * from {{ ref('int_lever_parts_unioned') }}
),

asked_by_use as (
    select
        uses.use_id,
        parts.territory_level,
        parts.territory_code,
        parts.region_code,
        parts.horizon_year,
        parts.framework_version,
        sum(parts.value) as asked_ktco2e
    from parts
    inner join {{ ref('int_lever_use_emissions') }} as uses
        on
            parts.lever_id = uses.lever_id
            and {{ same_territory('parts', 'uses') }}
    where parts.measure = 'ktco2e_avoided'
    group by all
)

select
    parts.lever_id,
    parts.territory_level,
    parts.territory_code,
    'region' as parent_level,
    parts.region_code as parent_code,
    parts.horizon_year,
    parts.measure,
    parts.value,
    parts.unit,
    parts.framework_version,
    parts.key_id,
    parts.key_value,
    parts.key_share,
    parts.is_proxy,
    parts.proxy_reason,
    parts.key_year,
    parts.key_source,
    parts.is_remainder,
    uses.emissions_ktco2e as use_emissions_ktco2e,
    uses.year as use_emissions_year,
    uses.emissions_2019_ktco2e as use_emissions_2019_ktco2e,
    asked_by_use.asked_ktco2e as use_asked_ktco2e,
    asked_by_use.asked_ktco2e > uses.emissions_ktco2e as exceeds_emissions,
    uses.use_label_fr as use_label,
    uses.basis as use_emissions_basis
from parts
left join {{ ref('int_lever_use_emissions') }} as uses
    on
        parts.lever_id = uses.lever_id
        and {{ same_territory('parts', 'uses') }}
        and parts.measure = 'ktco2e_avoided'
left join asked_by_use
    on
        uses.use_id = asked_by_use.use_id
        and {{ same_territory('parts', 'asked_by_use') }}
        and parts.region_code = asked_by_use.region_code
        and parts.horizon_year = asked_by_use.horizon_year
        and parts.framework_version = asked_by_use.framework_version
