with shared as (
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
),

allocated as (
    {% for parts, share, remainder in [
        ('shared', 'key_share', 'is_remainder'), (ref('int_lever_parts_without_key'), 'null', 'false')
    ] %}
        select
            lever_id,
            territory_level,
            territory_code,
            'region' as parent_level,
            region_code as parent_code,
            horizon_year,
            measure,
            value,
            unit,
            framework_version,
            key_id,
            key_value,
            {{ share }} as key_share,
            is_proxy,
            proxy_reason,
            key_year,
            key_source,
            {{ remainder }} as is_remainder
        from {{ parts }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

asked_by_use as (
    select
        uses.use_id,
        allocated.territory_level,
        allocated.territory_code,
        allocated.parent_code,
        allocated.horizon_year,
        allocated.framework_version,
        sum(allocated.value) as asked_ktco2e
    from allocated
    inner join {{ ref('int_lever_use_emissions') }} as uses
        on
            allocated.lever_id = uses.lever_id
            and {{ same_territory('allocated', 'uses') }}
    where allocated.measure = 'ktco2e_avoided' and allocated.key_id <> 'epci_sector_trajectory'
    group by all
)

select
    allocated.lever_id,
    allocated.territory_level,
    allocated.territory_code,
    allocated.parent_level,
    allocated.parent_code,
    allocated.horizon_year,
    allocated.measure,
    allocated.value,
    allocated.unit,
    allocated.framework_version,
    allocated.key_id,
    allocated.key_value,
    allocated.key_share,
    allocated.is_proxy,
    allocated.proxy_reason,
    allocated.key_year,
    allocated.key_source,
    allocated.is_remainder,
    uses.emissions_ktco2e as use_emissions_ktco2e,
    uses.year as use_emissions_year,
    uses.emissions_2019_ktco2e as use_emissions_2019_ktco2e,
    asked_by_use.asked_ktco2e as use_asked_ktco2e,
    asked_by_use.asked_ktco2e > uses.emissions_ktco2e as exceeds_emissions,
    uses.use_label_fr as use_label,
    uses.basis as use_emissions_basis
from allocated
left join {{ ref('int_lever_use_emissions') }} as uses
    on
        allocated.lever_id = uses.lever_id
        and {{ same_territory('allocated', 'uses') }}
        and allocated.measure = 'ktco2e_avoided'
        and allocated.key_id <> 'epci_sector_trajectory'
left join asked_by_use
    on
        uses.use_id = asked_by_use.use_id
        and {{ same_territory('allocated', 'asked_by_use') }}
        and allocated.parent_code = asked_by_use.parent_code
        and allocated.horizon_year = asked_by_use.horizon_year
        and allocated.framework_version = asked_by_use.framework_version
