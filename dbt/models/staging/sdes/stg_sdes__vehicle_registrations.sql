{#- Grain: measure x commune x year, since 2019. New cars of the year and, of these, the electric and hydrogen
ones. Arrondissements are added to what the file gives for their commune. A commune without a row registered
none.
unique: [series, territory_code, year] -#}
with measured as (
    select
        {{ whole_commune('commune_code') }} as territory_code,
        year as registration_year,
        registrations,
        registrations_status,
        snapshot_id,
        unnest([
            'registrations',
            if(regexp_full_match(fuel, '(Electrique|Hydrogène).*'), 'registrations/electric', null)
        ]) as series
    from {{ source('raw_sdes', 'sdes_vehicle_registrations') }}
    where vehicle_group = 'VP' and year >= {{ threshold('path_start_year') }}
),

counted as (
    select
        series,
        territory_code,
        registration_year,
        snapshot_id,
        {{ sum_if_complete('registrations') }} as registrations,
        bool_or(registrations_status = 'secret') as is_masked,
        count(*) as source_rows
    from measured
    where series is not null
    group by series, territory_code, registration_year, snapshot_id
)

select
    {{ observation_columns(
        "commune", "registration_year", value="registrations",
        status="if(registrations is null and is_masked, 'secret', 'observed')",
        source_rows="source_rows"
    ) }}
from counted
