{#- Grain: departement x year. Points counted by a third party; another method than the register's, and so
another indicator.
unique: [territory_code, reference_date] -#}
with counts as (
    select
        'charging_points' as series,
        departement_code as territory_code,
        counted_on,
        charging_points,
        snapshot_id
    from {{ source('raw_transport_data', 'irve_departement') }}
)

select
    {{ observation_columns(
        "departement", "year(counted_on)", "counted_on", value="charging_points", status="'estimated'"
    ) }}
from counts
