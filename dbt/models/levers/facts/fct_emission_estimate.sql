with keys as (
    select
        chains.indicator_id,
        chains.key_id,
        chains.reason_fr,
        any_value(
            concat_ws(
                ', ventilé selon : ',
                listed.key_label_fr,
                if(listed.spread_indicator_id is null, null, listed.spread_label_fr)
            )
        ) as key_label_fr
    from {{ ref('emission_allocation_keys') }} as chains
    inner join {{ ref('int_allocation_keys_listed') }} as listed on chains.key_id = listed.key_id
    group by chains.indicator_id, chains.key_id, chains.reason_fr
),

inventories as (
    select
        indicator_id,
        territory_code as region_code,
        year,
        value,
        unit,
        dataset_id,
        snapshot_id
    from {{ ref('fct_indicator_value') }}
    where
        territory_level = 'region'
        and value is not null
        and not is_incomplete_year
        and not is_anomalous
        and not is_entered
    qualify row_number() over (partition by indicator_id, territory_code order by year desc) = 1
)

select
    key_shares.territory_level,
    key_shares.territory_code,
    key_shares.region_code,
    sources.sector_fr as sector,
    sources.source_name as source,
    inventories.year,
    inventories.value as region_value,
    keys.key_id,
    keys.key_label_fr,
    keys.reason_fr as key_reason_fr,
    key_shares.key_share,
    inventories.value * key_shares.key_share as value,
    inventories.unit,
    key_shares.key_year,
    key_shares.key_source,
    inventories.dataset_id,
    inventories.snapshot_id
from keys
inner join inventories on keys.indicator_id = inventories.indicator_id
inner join {{ ref('emission_sources') }} as sources on keys.indicator_id = sources.indicator_id
inner join {{ ref('int_allocation_key_shares') }} as key_shares
    on
        keys.key_id = key_shares.key_id
        and inventories.region_code = key_shares.region_code
