{#- Grain: measure x departement x year x operator x category x activity. MWh of electricity and of gas in all
sectors, in dwellings, in services and in industry; from the copy of a third party the electricity only, by
sector and year. -#}
with consumption as (
    select
        energy,
        sector,
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

measured as (
    select
        unnest([
            if(counts_in_total, energy, null),
            if(
                sector not in ('AGRICULTURE', 'INCONNU', 'NAP', 'agri', 'autre', 'totale'),
                energy || '/' || sector,
                null
            )
        ]) as series,
        territory_code,
        consumption_year,
        mwh,
        mwh_status,
        snapshot_id
    from consumption
)

select
    {{ observation_columns("departement", "consumption_year", value="mwh", status="mwh_status") }}
from measured
where series is not null
