{#- Grain: measure x commune x year, since 2019. Vehicles at 1 January: cars, buses and coaches, and goods
vehicles (vans and lorries), those with the sticker Crit'Air E being electric or run on hydrogen. Combustion
engines burn diesel, petrol or gas, hybrids that are not plugged in included. The old stickers are Crit'Air 3
to 5 and none. Editions up to 2023 count gas with the fuels that are not known: there gas is what has the
sticker of gas, Crit'Air 1. Arrondissements are added to what the file gives for their commune. A commune
without a row has no such vehicle.
unique: [series, territory_code, year] -#}
with classed as (
    select
        {{ whole_commune('commune_code') }} as territory_code,
        upper(vehicle_group) as vehicle_group,
        crit_air = 'Crit''Air E' as is_electric,
        regexp_full_match(crit_air, 'Crit''Air [345]|Non classé') as is_old,
        regexp_full_match(fuel, '(Diesel|Essence|Gaz)( HNR)?')
        or (fuel = 'Gaz et inconnu' and crit_air = 'Crit''Air 1') as is_combustion,
        fuel like '% HR' or fuel = 'Hybride rechargeable' as is_plug_in,
        year as fleet_year,
        snapshot_id,
        {{ sum_if_complete('vehicles') }} as vehicles,
        bool_or(vehicles_status = 'secret') as is_masked,
        count(*) as source_rows
    from {{ source('raw_sdes', 'sdes_vehicle_fleet') }}
    where year >= {{ threshold('path_start_year') }}
    group by all
),

measured as (
    select
        territory_code,
        fleet_year,
        snapshot_id,
        vehicles,
        is_masked,
        source_rows,
        unnest(
            case vehicle_group
                when 'VP'
                    then
                        [
                            'VP',
                            if(is_electric, 'VP/electric', null),
                            if(is_plug_in, 'VP/plug-in hybrid', null),
                            if(is_combustion, 'VP/combustion', null),
                            if(is_old, 'VP/old sticker', null)
                        ]
                when 'TCP'
                    then
                        [
                            'TCP',
                            if(is_electric, 'TCP/electric', null),
                            if(is_combustion, 'TCP/combustion', null)
                        ]
                when 'VUL' then ['VUL+PL', if(is_electric, 'VUL+PL/electric', null)]
                when 'PL' then ['VUL+PL', if(is_electric, 'VUL+PL/electric', null)]
            end
        ) as series
    from classed
),

counted as (
    select
        series,
        territory_code,
        fleet_year,
        snapshot_id,
        max(fleet_year) over (partition by snapshot_id) as last_year,
        {{ sum_if_complete('vehicles') }} as vehicles,
        bool_or(is_masked) as is_masked,
        sum(source_rows) as source_rows
    from measured
    where series is not null
    group by series, territory_code, fleet_year, snapshot_id
)

-- the producer revises the last three situations as roadworthiness tests come in
select
    {{ observation_columns(
        "commune", "fleet_year", value="vehicles",
        status="if(vehicles is null and is_masked, 'secret', 'observed')", is_provisional="fleet_year > last_year - 3",
        source_rows="source_rows"
    ) }}
from counted
