with

sites as (

    select
        installation_id,
        year as emission_year,
        -- a negative number stands for no data, as do the texts
        case when verified_emissions >= 0 then verified_emissions end as tonnes,
        snapshot_id,
        {{ postal_departement('zip_code') }} as territory_code
    from {{ source('raw_ec', 'eu_ets_installations') }}
    where
        registry_code = 'FR'
        -- aircraft operators of any country are in the registry
        and activity_code != '10'

),

summed as (

    select
        'verified_emissions' as series,
        territory_code,
        emission_year,
        snapshot_id,
        cast(sum(cast(tonnes as decimal(18, 3))) as double) as tonnes,
        list(distinct installation_id) filter (where tonnes is not null) as installations
    from sites
    group by territory_code, emission_year, snapshot_id

)

select
    {{ observation_columns(
        "departement", "emission_year", value="tonnes", members="installations"
    ) }}
from summed
where tonnes is not null
