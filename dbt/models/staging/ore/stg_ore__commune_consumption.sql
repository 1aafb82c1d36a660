with

consumption as (

    select
        energy,
        sector,
        commune_code as territory_code,
        year as consumption_year,
        consumption as mwh,
        if(consumption is null and hidden_cells > 0, 'secret', 'observed') as mwh_status,
        snapshot_id
    from {{ source('raw_ore', 'ore_consumption_commune') }}

),

measured as (

    select
        unnest([
            energy,
            if(sector not in ('INCONNU', 'NAP'), energy || '/' || sector, null),
            if(sector in ('RESIDENTIEL', 'TERTIAIRE'), sector, null)
        ]) as series,
        energy,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        snapshot_id
    from consumption

)

select
    {{ observation_columns(
        "commune", "consumption_year",
        value="mwh", status="mwh_status", members="[territory_code || ' ' || energy]"
    ) }}
from measured
where series is not null
