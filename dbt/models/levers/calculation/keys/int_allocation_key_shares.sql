with memberships as (
    select * from {{ ref('int_allocation_memberships') }}
    where territory_level <> 'commune' and not is_remainder
),

shares as (
    select
        weights.key_id,
        weights.region_code,
        memberships.territory_level,
        memberships.territory_code,
        max(weights.key_year) as key_year,
        max(weights.key_source) as key_source,
        cast(sum(cast(weights.weight as decimal(38, 15))) as double) as weight
    from {{ ref('int_allocation_key_weights') }} as weights
    inner join memberships on weights.place_code = memberships.place_code
    group by weights.key_id, weights.region_code, memberships.territory_level, memberships.territory_code
),

totals as (
    select
        key_id,
        region_code,
        cast(sum(cast(weight as decimal(38, 15))) as double) as weight
    from {{ ref('int_allocation_key_weights') }}
    group by key_id, region_code
    having sum(cast(weight as decimal(38, 15))) > 0
)

select
    shares.key_id,
    shares.region_code,
    shares.territory_level,
    shares.territory_code,
    shares.weight / totals.weight as key_share,
    shares.key_year,
    shares.key_source
from shares
inner join totals
    on
        shares.key_id = totals.key_id
        and shares.region_code = totals.region_code
