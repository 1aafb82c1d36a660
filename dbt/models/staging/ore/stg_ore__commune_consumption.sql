with

consumption as (

    select
        case energy when 'Electricité' then 'electricity' when 'Gaz' then 'gas' end as energy,
        case sector
            when 'RESIDENTIEL' then 'residential'
            when 'TERTIAIRE' then 'tertiary'
            when 'INDUSTRIE' then 'industrial'
            when 'AGRICULTURE' then 'agricultural'
        end as sector,
        commune_code as territory_code,
        year as consumption_year,
        consumption as mwh,
        if(consumption is null and hidden_cells > 0, 'secret', 'observed') as mwh_status,
        snapshot_id
    from {{ source('raw_ore', 'ore_consumption_commune') }}

),

named as (

    select
        energy,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        snapshot_id,
        unnest([
            energy || '_consumption_commune',
            sector || '_' || energy || '_consumption_commune',
            if(sector in ('residential', 'tertiary'), sector || '_grid_energy_consumption_commune', null)
        ]) as indicator_id
    from consumption

)

select
    {{ named_observation_columns(
        "commune", "'MWh'", "consumption_year",
        value="mwh", status="mwh_status", members="[territory_code || ' ' || energy]"
    ) }}
from named
where indicator_id is not null
