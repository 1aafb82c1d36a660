with carried as (
    select
        'ademe_pcaet' as dataset_id,
        snapshot_id,
        carrier_siren,
        carrier_name
    from {{ ref('stg_ademe__climate_plans') }}
    union all
    select
        'ademe_pcaet_objectives' as dataset_id,
        snapshot_id,
        carrier_siren,
        carrier_name
    from {{ ref('stg_ademe__climate_plan_objectives') }}
)

select
    carried.dataset_id,
    carried.snapshot_id,
    coalesce(carried.carrier_siren, '') as carrier_siren,
    min(carried.carrier_name) as carrier_name,
    'not_reference_year' as reason,
    count(*) as row_count
from carried
left join {{ ref('int_territories_unioned') }} as territories
    on
        territories.territory_level = 'epci'
        and carried.carrier_siren = territories.territory_code
where territories.territory_code is null
group by carried.dataset_id, carried.snapshot_id, carried.carrier_siren
