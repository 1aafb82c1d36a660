{#- Grain: region x year. GWh of petroleum products used by the tertiary sector, not corrected for the
weather: what the hub publishes under 683 is all fossil energy, whatever its label, and its gas (257) is taken
from it. A region that has no row for gas, or a zero under 683, has no value.
unique: [territory_code, year] -#}
with fuels as (
    select
        'oil' as series,
        fossil.region_code as territory_code,
        fossil.date_mesure,
        nullif(fossil.value, 0) - gas.value as value,
        fossil.snapshot_id
    from {{ ref('stg_ecolab__tertiary_fuels') }} as fossil
    inner join {{ ref('stg_ecolab__tertiary_fuels') }} as gas
        on
            fossil.region_code = gas.region_code
            and fossil.date_mesure = gas.date_mesure
    where fossil.hub_id = '683' and gas.hub_id = '257'
)

select
    {{ observation_columns(
        "region", "year(date_mesure)", "date_mesure", status="'estimated'", source_rows="2"
    ) }}
from fuels
