with

capacity as (

    select
        commune_code as territory_code,
        puismaxinstallee_kw,
        reference_date as edition_date,
        snapshot_id,
        case filiere
            when 'Solar' then 'capacity_solar'
            when 'Wind' then 'capacity_wind'
            when 'Hydro' then 'capacity_hydro'
            when 'Bioenergy' then 'capacity_bioenergy'
        end as indicator_id
    from {{ source('raw_odre', 'odre_registry_commune') }}

)

select
    {{ named_observation_columns(
        "commune", "'kW'", "year(edition_date)", "edition_date",
        value="puismaxinstallee_kw", is_provisional="true"
    ) }}
from capacity
where indicator_id is not null
