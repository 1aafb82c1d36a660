{#- Grain: measure x network x year. Networks of heat and cold whose deliveries are known and, of those of
heat, MWh delivered, tCO2e (MWh times kg per kWh), MWh produced and MWh of them renewable or recovered, waste
counted in full. The file often gives a postal code or a homonym: where the name of the commune is not that of
the town, the town is looked up in the departement that begins the identifier, unless `commune_corrections`
names it; a network that stays outside that departement has an unknown commune. A network without an
identifier is where its code says. -#}
{{ config(materialized='kept_table') }}

with {{ located_networks(ref('stg_sdes__heat_networks'), 'sdes_heat_networks') }},

described as (
    select
        territory_code,
        network_id,
        delivered,
        delivered_status,
        co2_content,
        production_totale as production,
        production_totale_status as production_status,
        if(production_totale is null, null, renewable_production) as renewable_production,
        coalesce(energy_code, right(network_id, 1)) = 'C' as gives_heat,
        is_copy,
        year as network_year,
        snapshot_id
    from networks
),

measured as (
    select
        unnest([
            if(delivered is null, null, 'networks'),
            if(gives_heat, 'heat/delivered', null),
            if(gives_heat, 'heat/emissions', null),
            if(gives_heat and not is_copy, 'heat/production_totale', null),
            if(gives_heat and not is_copy, 'heat/renewable production', null)
        ]) as series,
        territory_code,
        network_id,
        unnest([1, delivered, delivered * co2_content, production, renewable_production]) as measure,
        unnest([
            'observed', delivered_status, delivered_status, production_status, production_status
        ]) as measure_status,
        is_copy,
        network_year,
        snapshot_id
    from described
)

select
    {{ observation_columns(
        "commune", "network_year",
        value="measure", status="if(is_copy, 'estimated', measure_status)", is_provisional="is_copy",
        members="[network_id]"
    ) }}
from measured
where series is not null
