with

site_years as (

    select
        coalesce({{ whole_commune('commune_code') }}, 'unknown') as territory_code,
        year as injection_year,
        coalesce(state_of_data, '') <> 'Définitive' as is_not_definitive,
        snapshot_id,
        measure,
        amount
    from {{ source('raw_grdf', 'grdf_biomethane_injection') }}
    unpivot include nulls (amount for measure in (injected, injection_capacity))

),

named as (

    select
        case measure
            when 'injected' then 'biomethane_injected_grdf'
            when 'injection_capacity' then 'biomethane_flow_capacity_grdf'
        end as indicator_id,
        territory_code,
        case measure when 'injected' then 'MWh' when 'injection_capacity' then 'Nm3/h' end as measure_unit,
        injection_year,
        is_not_definitive,
        snapshot_id,
        amount
    from site_years

)

select
    {{ named_observation_columns(
        "commune", "measure_unit", "injection_year", value="amount", is_provisional="is_not_definitive"
    ) }}
from named
