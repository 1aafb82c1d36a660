{#- Grain: measure x network x year. MWh of heat and of cold delivered; of heat, the part whose carbon content
is known, its tCO2e (MWh times kg per kWh), MWh produced and MWh of them from solid biomass and from renewable
or recovered sources, waste counted in full. Secret networks are kept, so that a commune tells how many it
has; their production is known, unless the source writes zero. As the list of networks and the secrecy change
from one edition to the next, the panel has only the networks that each edition since 2020 has at the same
place, in clear; the others are in its rows without a value, which lowers its completeness. Places as in
int_sdes_heat_networks_located. -#}
{{ config(materialized='kept_table') }}

with {{ located_networks(ref('stg_sdes__commune_heat'), 'sdes_heat_communes') }},

-- A network that writes no production beside deliveries that are zero or secret has not said what it made.
stated as (
    select
        * exclude (production_totale, delivered),
        if(
            production_totale = 0 and coalesce(delivered, 0) = 0, null, production_totale
        ) as production_totale,
        if(production_totale = 0 and delivered = 0, null, delivered) as delivered
    from networks
),

described as (
    select
        network_id,
        territory_code,
        energy_code,
        year as delivery_year,
        snapshot_id,
        delivered,
        delivered_status,
        production_totale as production,
        if(production_totale is null, null, coalesce(production_biomasse_solide, 0)) as biomass_production,
        if(production_totale is null, null, coalesce(renewable_production, 0)) as renewable_production,
        co2_content,
        -- in 2018 a third of the networks were secret
        year >= 2020 as may_be_in_panel
    from stated
),

editions as (
    select count(distinct delivery_year) as edition_count
    from described
    where may_be_in_panel
),

-- Networks that each edition since 2020 has at the same place, in clear and with their content.
panel as (
    select
        described.network_id,
        described.territory_code
    from described
    cross join editions
    where described.may_be_in_panel
    group by described.network_id, described.territory_code, editions.edition_count
    having count(described.delivered * described.co2_content) = editions.edition_count
),

heat as (
    select
        described.*,
        panel.network_id is not null as is_in_panel
    from described
    left join panel
        on
            described.network_id = panel.network_id
            and described.territory_code = panel.territory_code
    where described.energy_code = 'C'
),

measured as (
    select
        'cold/delivered' as series,
        network_id,
        territory_code,
        delivery_year,
        snapshot_id,
        delivered as measure,
        delivered_status as measure_status
    from described
    where energy_code = 'F'
    union all
    select
        unnest([
            'heat/delivered',
            'heat/delivered with co2_content',
            'heat/emissions',
            'heat/production_totale',
            'heat/production_biomasse_solide',
            'heat/renewable production'
        ]) as series,
        network_id,
        territory_code,
        delivery_year,
        snapshot_id,
        unnest([
            delivered,
            if(co2_content is null, null, delivered),
            delivered * co2_content,
            production,
            biomass_production,
            renewable_production
        ]) as measure,
        unnest([
            delivered_status, delivered_status, delivered_status, 'observed', 'observed', 'observed'
        ]) as measure_status
    from heat
    union all
    select
        unnest(['panel/delivered', 'panel/emissions']) as series,
        network_id,
        territory_code,
        delivery_year,
        snapshot_id,
        unnest([if(is_in_panel, delivered, null), if(is_in_panel, delivered * co2_content, null)]) as measure,
        delivered_status as measure_status
    from heat
    where may_be_in_panel
)

select
    {{ observation_columns(
        "commune", "delivery_year",
        value="measure", status="measure_status", members="[network_id]"
    ) }}
from measured
