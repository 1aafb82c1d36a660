with keys as (
    select
        indicator_id,
        key_id
    from {{ ref('emission_allocation_keys') }}
    where key_id in (select listed.key_id from {{ ref('int_allocation_keys_listed') }} as listed)
),

regional as (
    select
        indicator_values.indicator_id,
        sources.sector_fr as sector,
        sources.source_name as source,
        indicator_values.territory_code as region_code,
        indicator_values.year,
        indicator_values.value,
        indicator_values.unit,
        indicator_values.dataset_id,
        indicator_values.snapshot_id
    from {{ ref('fct_indicator_value') }} as indicator_values
    inner join {{ ref('emission_sources') }} as sources
        on indicator_values.indicator_id = sources.indicator_id
    where
        indicator_values.territory_level = 'region'
        and indicator_values.value > 0
        and not indicator_values.is_incomplete_year
        and not indicator_values.is_anomalous
        and not indicator_values.is_entered
),

inventories as (
    select
        regional.indicator_id,
        regional.sector,
        regional.source,
        regional.region_code,
        regional.year,
        regional.value,
        regional.unit,
        regional.dataset_id,
        regional.snapshot_id
    from regional
    semi join {{ ref('int_inventory_years') }} as chosen
        on
            regional.source = chosen.source
            and regional.region_code = chosen.territory_code
            and chosen.territory_level = 'region'
            and regional.year = chosen.year
),

placed as (
    select distinct
        key_id,
        region_code
    from {{ ref('int_allocation_key_shares') }}
),

-- Only regions in which each inventoried sector of `emission_allocation_keys` has a loaded key. In the others
-- a sector could rank first only because another one is missing.
whole_regions as (
    select
        inventories.source,
        inventories.region_code
    from inventories
    inner join keys on inventories.indicator_id = keys.indicator_id
    left join placed
        on
            keys.key_id = placed.key_id
            and inventories.region_code = placed.region_code
    group by inventories.source, inventories.region_code
    having
        count(distinct if(placed.key_id is null, null, inventories.indicator_id))
        = count(distinct inventories.indicator_id)
)

select
    key_shares.territory_level,
    key_shares.territory_code,
    key_shares.region_code,
    inventories.indicator_id,
    inventories.sector,
    inventories.source,
    inventories.year,
    keys.key_id,
    key_shares.key_share,
    inventories.value * key_shares.key_share as value,
    row_number() over alike > 1 as is_repeated,
    inventories.unit,
    key_shares.key_year,
    key_shares.key_source,
    inventories.dataset_id,
    inventories.snapshot_id,
    measured.median_pct as key_error_median_pct,
    measured.worst_pct as key_error_worst_pct,
    cast(coalesce(measured.region_count, 0) as bigint) as key_error_regions,
    measured.measured_indicator_id as key_error_indicator_id
from keys
inner join inventories on keys.indicator_id = inventories.indicator_id
semi join whole_regions
    on
        inventories.source = whole_regions.source
        and inventories.region_code = whole_regions.region_code
inner join {{ ref('int_allocation_key_shares') }} as key_shares
    on
        keys.key_id = key_shares.key_id
        and inventories.region_code = key_shares.region_code
left join {{ ref('int_emission_keys_measured') }} as measured
    on
        keys.indicator_id = measured.indicator_id
        and keys.key_id = measured.key_id
        and inventories.year = measured.inventory_year
        and key_shares.key_year = measured.key_year
window alike as (
    partition by
        key_shares.territory_level,
        key_shares.territory_code,
        key_shares.region_code,
        inventories.source,
        inventories.sector,
        round(key_shares.key_share, 6)
    order by keys.key_id
)
