with declared as (
    select
        *,
        coalesce(list_sort(list_distinct(regexp_extract_all(carrier_siren, '\d{9}'))), []) as sirens
    from {{ source('raw_ademe', 'ademe_pcaet_objectives') }}
    where value is not null
)

select
    'V2' as form_version,
    plan_id,
    unnest(case when len(sirens) = 0 then [null] else sirens end) as carrier_siren,
    carrier_name,
    case quantity when 'GES' then 'emissions' else 'energy' end as quantity,
    sector_code,
    case horizon_code when '1' then 'diagnosis' else 'objective' end as kind,
    cast(
        case horizon_code
            when '1' then case quantity when 'GES' then emissions_year else energy_year end
            when '3' then 2026
            when '6' then 2030
            when '7' then 2050
        end as integer
    ) as year,
    value,
    case quantity when 'GES' then 'tCO2e' else 'GWh' end as unit,
    snapshot_id
from declared
where horizon_code in ('1', '3', '6', '7')
