with

operators as (

    select
        registry_code,
        installation_id,
        max({{ postal_departement('postal_code') }}) as territory_code
    from {{ source('raw_ec', 'eu_ets_registry__operators') }}
    where
        registry_code = 'FR'
        -- aircraft operators (10), ships (50) and suppliers of fuel (60 and above) have no site
        and activity_code != '10'
        and (try_cast(activity_code as integer) < 50 or activity_code = '99')
    group by registry_code, installation_id

),

activities as (

    select
        registry_code,
        installation_id,
        year as emission_year,
        -- a negative number stands for no data
        case when verified_emissions >= 0 then verified_emissions end as tonnes,
        snapshot_id
    from {{ source('raw_ec', 'eu_ets_registry__yearly_activity') }}

),

summed as (

    select
        'eu_ets_registry_emissions' as indicator_id,
        operators.territory_code,
        activities.emission_year,
        activities.snapshot_id,
        cast(sum(cast(activities.tonnes as decimal(18, 3))) as double) as tonnes
    from activities
    inner join operators
        on
            activities.registry_code = operators.registry_code
            and activities.installation_id = operators.installation_id
    group by operators.territory_code, activities.emission_year, activities.snapshot_id

)

select
    {{ observation_columns("departement", "'tCO2e'", "emission_year", value="tonnes") }}
from summed
where tonnes is not null
