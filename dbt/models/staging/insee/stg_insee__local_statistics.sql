with

measured as (

    select
        territory_code,
        year as measured_year,
        value,
        value_status as published_status,
        snapshot_id,
        case measure
            when 'Nb de ménages fiscaux' then 'tax_households'
            when 'Médiane du niveau de vie' then 'median_standard_of_living'
        end as indicator_id,
        case measure
            when 'Nb de ménages fiscaux' then 'households'
            when 'Médiane du niveau de vie' then 'EUR/yr'
        end as unit
    from {{ source('raw_insee', 'insee_local') }}
    where territory_level = 'commune'

)

select
    {{ named_observation_columns("commune", "unit", "measured_year", status="published_status") }}
from measured
where indicator_id is not null
