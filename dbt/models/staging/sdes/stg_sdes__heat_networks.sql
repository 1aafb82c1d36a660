with

-- Places by the first two characters of their code, which the identifier of a network shares with its place.
places as (

    select
        left(code, 2) as code_prefix,
        {{ comparable_name("name") }} as place_name,
        coalesce(parent_code, code) as commune_code
    from {{ ref('stg_etalab__communes') }}
    qualify row_number() over (
        partition by left(code, 2), {{ comparable_name("name") }}
        order by cog_year desc, code_type = 'commune' desc, code asc
    ) = 1

),

located as (

    select
        networks.network_id,
        case
            when corrections.commune_code is not null then corrections.commune_code
            when {{ comparable_name("networks.commune_name") }} <> {{ comparable_name("networks.town_name") }}
                then places.commune_code
            else {{ whole_commune("networks.commune_code") }}
        end as commune_code,
        networks.delivered,
        networks.delivered_status,
        -- no network emits 5 kg per kWh: such a content is in grams, as the sheets of the publisher say
        if(networks.co2_content > 5, networks.co2_content / 1000, networks.co2_content) as co2_content,
        networks.production_totale as production,
        networks.production_totale_status as production_status,
        list_sum([
            networks.production_biomasse_solide,
            networks.production_biogaz,
            networks.production_geothermie,
            networks.production_pac,
            networks.production_solaire_thermique,
            networks.production_autres_enr,
            networks.production_uiom,
            networks.production_dechets_internes,
            networks.production_chaleur_industriel,
            networks.production_autre_chaleur_recuperee
        ]) as renewable_production,
        coalesce(networks.energy_code, right(networks.network_id, 1)) = 'C' as gives_heat,
        networks.is_copy,
        networks.year as network_year,
        networks.snapshot_id
    from {{ source('raw_sdes', 'sdes_heat_networks') }} as networks
    left join {{ ref('commune_corrections') }} as corrections
        on
            corrections.dataset_id = 'sdes_heat_networks'
            and networks.network_id = corrections.source_key
            and networks.commune_code = corrections.received
    left join places
        on
            left(networks.network_id, 2) = places.code_prefix
            and {{ comparable_name("networks.town_name") }} = places.place_name

),

networks as (

    select
        * exclude (commune_code),
        -- the first years have no identifiers, and nothing to compare their places with
        if(
            left(coalesce(network_id, commune_code), 2) = left(commune_code, 2), commune_code, 'unknown'
        ) as territory_code
    from located

),

measured as (

    select
        'heat_networks_known' as indicator_id,
        territory_code,
        network_id,
        1 as measure,
        'observed' as measure_status,
        'networks' as measure_unit,
        is_copy,
        network_year,
        snapshot_id
    from networks
    where delivered is not null
    union all
    select
        'heat_network_deliveries' as indicator_id,
        territory_code,
        network_id,
        delivered as measure,
        delivered_status as measure_status,
        'MWh' as measure_unit,
        is_copy,
        network_year,
        snapshot_id
    from networks
    where gives_heat
    union all
    select
        'heat_network_emissions' as indicator_id,
        territory_code,
        network_id,
        delivered * co2_content as measure,
        delivered_status as measure_status,
        'tCO2e' as measure_unit,
        is_copy,
        network_year,
        snapshot_id
    from networks
    where gives_heat
    union all
    select
        'heat_network_production' as indicator_id,
        territory_code,
        network_id,
        production as measure,
        production_status as measure_status,
        'MWh' as measure_unit,
        is_copy,
        network_year,
        snapshot_id
    from networks
    where gives_heat and not is_copy
    union all
    select
        'heat_network_renewable_production' as indicator_id,
        territory_code,
        network_id,
        if(production is null, null, renewable_production) as measure,
        production_status as measure_status,
        'MWh' as measure_unit,
        is_copy,
        network_year,
        snapshot_id
    from networks
    where gives_heat and not is_copy

)

select
    {{ observation_columns(
        "commune", "measure_unit", "network_year",
        value="measure", status="if(is_copy, 'estimated', measure_status)", is_provisional="is_copy",
        members="[network_id]"
    ) }}
from measured
