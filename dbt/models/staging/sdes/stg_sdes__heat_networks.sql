with

corrected as (

    select
        networks.network_id,
        coalesce(corrections.commune_code, networks.commune_code) as commune_code,
        networks.delivered,
        networks.co2_content,
        networks.reference_date as data_date,
        networks.snapshot_id
    from {{ source('raw_sdes', 'sdes_heat_networks') }} as networks
    left join {{ ref('commune_corrections') }} as corrections
        on
            corrections.dataset_id = 'sdes_heat_networks'
            and networks.network_id = corrections.source_key
            and networks.commune_code = corrections.received

),

networks as (

    select
        if(left(network_id, 2) = left(commune_code, 2), commune_code, 'unknown') as territory_code,
        delivered,
        delivered * co2_content as tonnes,
        network_id like '%C' as gives_heat,
        data_date,
        snapshot_id
    from corrected

),

measured as (

    select
        'heat_networks_known' as indicator_id,
        territory_code,
        1 as measure,
        'networks' as measure_unit,
        data_date,
        snapshot_id
    from networks
    union all
    select
        'heat_network_deliveries' as indicator_id,
        territory_code,
        delivered as measure,
        'MWh' as measure_unit,
        data_date,
        snapshot_id
    from networks
    where gives_heat
    union all
    select
        'heat_network_emissions' as indicator_id,
        territory_code,
        tonnes as measure,
        'tCO2e' as measure_unit,
        data_date,
        snapshot_id
    from networks
    where gives_heat

)

select
    {{ observation_columns(
        "commune", "measure_unit", "year(data_date)", "data_date",
        value="measure", status="'estimated'", is_provisional="true"
    ) }}
from measured
