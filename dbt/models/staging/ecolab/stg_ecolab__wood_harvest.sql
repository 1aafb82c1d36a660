with

harvest as (

    select
        departement_code,
        date_mesure,
        value,
        snapshot_id,
        split_part(axis_value, ' | ', 1) as outlet,
        split_part(axis_value, ' | ', 2) as management
    from {{ source('raw_ecolab', 'ecolab_wood_harvest') }}

),

-- An outlet without a row is neither zero nor secret in the survey: the sum is then unknown.
summed as (

    select
        departement_code,
        date_mesure,
        management,
        if(count(*) = 3, {{ sum_if_complete('value') }}, null) as volume,
        max(snapshot_id) as snapshot_id
    from harvest
    group by departement_code, date_mesure, management

),

-- The certified volume is a part of the whole, as timber is.
named as (

    select
        case management
            when 'Tout mode de gestion' then 'wood_harvest'
            when 'Certifié gestion durable' then 'wood_harvest_certified'
        end as indicator_id,
        departement_code as territory_code,
        date_mesure,
        volume,
        snapshot_id
    from summed

    union all

    select
        'wood_harvest_timber' as indicator_id,
        departement_code as territory_code,
        date_mesure,
        value as volume,
        snapshot_id
    from harvest
    where management = 'Tout mode de gestion' and outlet = 'bois_oeuvre'

)

select
    {{ named_observation_columns(
        "departement", "'thousand m3'", "year(date_mesure)", "date_mesure", value="volume"
    ) }}
from named
where indicator_id is not null
