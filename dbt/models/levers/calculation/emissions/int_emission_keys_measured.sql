with inventories as (
    select
        indicator_id,
        territory_code as region_code,
        year,
        value
    from {{ ref('fct_indicator_value') }}
    where territory_level = 'region' and value > 0 and not is_anomalous and not is_entered
),

key_years as (
    select distinct
        key_id,
        key_year
    from {{ ref('int_allocation_key_shares') }}
),

key_values as (
    select
        indicator_id,
        territory_code as region_code,
        year,
        value
    from {{ ref('fct_indicator_value') }}
    where
        territory_level = 'region'
        and indicator_id <> 'population'
        and value > 0
        and completeness_pct >= {{ threshold('key_known_pct') }}
        and not is_anomalous
        and not is_incomplete_year
        and not is_entered
    union all
    select
        'population' as indicator_id,
        regions.territory_code as region_code,
        key_years.key_year as year,
        regions.population as value
    from {{ ref('dim_territory') }} as regions
    inner join key_years on key_years.key_id = 'population'
    where regions.territory_level = 'region' and regions.population > 0
),

-- A key is measured by itself or, if fewer than `least_regions` have it, by `similar_indicator_id`.
measures as (
    select distinct
        chains.indicator_id,
        chains.key_id,
        key_years.key_year,
        unnest([listed.indicator_id, chains.similar_indicator_id]) as measured_indicator_id,
        unnest([1, 2]) as rank
    from {{ ref('emission_allocation_keys') }} as chains
    inner join {{ ref('int_allocation_keys_listed') }} as listed on chains.key_id = listed.key_id
    inner join key_years on chains.key_id = key_years.key_id
),

paired as (
    select
        measures.*,
        inventories.year as inventory_year,
        inventories.region_code,
        inventories.value as inventory_value,
        key_values.year as measured_year,
        key_values.value as key_value,
        count(*) over (
            partition by
                measures.indicator_id, measures.key_id, measures.key_year, measures.rank, inventories.year,
                key_values.year
        ) as region_count
    from measures
    inner join inventories on measures.indicator_id = inventories.indicator_id
    inner join key_values
        on
            measures.measured_indicator_id = key_values.indicator_id
            and inventories.region_code = key_values.region_code
    where measures.rank = 2 or key_values.year = measures.key_year
),

chosen as (
    select *
    from paired
    where region_count >= {{ threshold('least_regions') }}
    qualify dense_rank() over (
        partition by indicator_id, key_id, key_year, inventory_year
        order by rank asc, abs(measured_year - key_year) asc, measured_year desc
    ) = 1
),

-- The keys of a sector are measured on the same regions, those that have all of them.
key_counts as (
    select
        indicator_id,
        inventory_year,
        count(distinct key_id || key_year) as key_count
    from chosen
    group by indicator_id, inventory_year
),

common_regions as (
    select
        chosen.indicator_id,
        chosen.inventory_year,
        chosen.region_code
    from chosen
    inner join key_counts
        on
            chosen.indicator_id = key_counts.indicator_id
            and chosen.inventory_year = key_counts.inventory_year
    group by chosen.indicator_id, chosen.inventory_year, chosen.region_code
    having count(*) = any_value(key_counts.key_count)
),

spread as (
    select
        chosen.*,
        100 * abs(
            chosen.key_value
            / sum(chosen.key_value) over each_key
            * sum(chosen.inventory_value) over each_key
            / chosen.inventory_value
            - 1
        ) as error_pct
    from chosen
    semi join common_regions
        on
            chosen.indicator_id = common_regions.indicator_id
            and chosen.inventory_year = common_regions.inventory_year
            and chosen.region_code = common_regions.region_code
    window each_key as (
        partition by chosen.indicator_id, chosen.key_id, chosen.key_year, chosen.inventory_year
    )
)

select
    indicator_id,
    inventory_year,
    key_id,
    key_year,
    any_value(measured_indicator_id) as measured_indicator_id,
    count(*) as region_count,
    round(median(error_pct), 6) as median_pct,
    round(max(error_pct), 6) as worst_pct
from spread
group by indicator_id, inventory_year, key_id, key_year
