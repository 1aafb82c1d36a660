{#- Grain: measure x site x year. MWh injected in the year, and Nm3/h that can be injected at its end; figures
that are not definitive are provisional.
not_null: year -#}
with site_years as (
    select
        series,
        coalesce({{ whole_commune('commune_code') }}, 'unknown') as territory_code,
        year as injection_year,
        coalesce(state_of_data, '') <> 'Définitive' as is_not_definitive,
        snapshot_id,
        value
    from {{ source('raw_grdf', 'grdf_biomethane_injection') }}
    unpivot include nulls (value for series in (injected, injection_capacity))
)

select
    {{ observation_columns("commune", "injection_year", is_provisional="is_not_definitive") }}
from site_years
