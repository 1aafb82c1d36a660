with

consumption as (

    select
        case energy
            when 'Electricité' then 'electricity_consumption'
            when 'Gaz' then 'gas_consumption_departement'
        end as total_id,
        case
            when sector in ('RESIDENTIEL', 'res') then 'residential_'
            when sector in ('TERTIAIRE', 'tert') then 'tertiary_'
            when sector in ('INDUSTRIE', 'indu') then 'industrial_'
        end as sector_prefix,
        not is_copy or sector = 'totale' as counts_in_total,
        departement_code as territory_code,
        year as consumption_year,
        consumption as mwh,
        case
            when is_copy then 'estimated'
            when consumption is null and hidden_cells > 0 then 'secret'
            else 'observed'
        end as mwh_status,
        snapshot_id
    from {{ source('raw_ore', 'ore_electricity_departement') }}

),

named as (

    select
        unnest([if(counts_in_total, total_id, null), sector_prefix || total_id]) as indicator_id,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        snapshot_id
    from consumption

)

select
    {{ named_observation_columns(
        "departement", "'MWh'", "consumption_year", value="mwh", status="mwh_status"
    ) }}
from named
where indicator_id is not null
