{#- A territory is compared with the `similar_count` nearest that have a value in that year, up to rank
`last_similar_rank` or, if there are few candidates, within the nearer half. -#}
with comparable as (
    select *
    from {{ ref('int_values_compared') }}
    where is_whole and value is not null
),

neighbours as (
    select
        territory_level,
        territory_code,
        similar_code as other_code,
        similarity_rank,
        'similar' as kind
    from {{ ref('bridge_similar_territory') }}
    where similarity_rank <= least({{ threshold('last_similar_rank') }}, ceil(candidate_count / 2))
    union all
    select
        territory_level,
        territory_code,
        adjacent_code as other_code,
        null as similarity_rank,
        'adjacent' as kind
    from {{ ref('bridge_adjacent_territory') }}
),

paired as (
    select
        own.indicator_id,
        own.territory_level,
        own.territory_code,
        own.year,
        own.value,
        neighbours.kind,
        neighbours.similarity_rank,
        theirs.value as other_value
    from comparable as own
    inner join neighbours
        on {{ same_territory('own', 'neighbours') }}
    inner join comparable as theirs
        on
            own.indicator_id = theirs.indicator_id
            and own.year = theirs.year
            and neighbours.territory_level = theirs.territory_level
            and neighbours.other_code = theirs.territory_code
    where own.is_in_scope
    qualify
        neighbours.kind = 'adjacent'
        or row_number() over (
            partition by own.indicator_id, own.territory_level, own.territory_code, own.year, neighbours.kind
            order by neighbours.similarity_rank
        ) <= {{ threshold('similar_count') }}
),

compared as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        kind,
        count(*) as territories,
        max(similarity_rank) as last_rank,
        median(other_value) as median_value,
        quantile_cont(other_value, 0.25) as lower_quartile,
        quantile_cont(other_value, 0.75) as upper_quartile,
        min(other_value) as least_value,
        max(other_value) as most_value,
        count(*) filter (where other_value = 0) as zeros,
        1 + count(*) filter (where other_value > value) as value_rank
    from paired
    group by indicator_id, territory_level, territory_code, year, kind, value
    having count(*) >= {{ threshold('least_compared') }}
),

-- The newest year in which enough similar territories have a value or, where there is none, the newest.
chosen as (
    select
        own.*,
        coalesce(similar_ones.territories, 0) as similar_count,
        similar_ones.last_rank,
        similar_ones.median_value,
        similar_ones.lower_quartile,
        similar_ones.upper_quartile,
        similar_ones.least_value,
        similar_ones.most_value,
        similar_ones.zeros,
        similar_ones.value_rank,
        coalesce(adjacent_ones.territories, 0) as adjacent_count,
        adjacent_ones.median_value as adjacent_median,
        adjacent_ones.lower_quartile as adjacent_lower_quartile,
        adjacent_ones.upper_quartile as adjacent_upper_quartile,
        adjacent_ones.value_rank as adjacent_rank
    from comparable as own
    left join compared as similar_ones
        on
            own.indicator_id = similar_ones.indicator_id
            and {{ same_territory('own', 'similar_ones') }}
            and own.year = similar_ones.year
            and similar_ones.kind = 'similar'
    left join compared as adjacent_ones
        on
            own.indicator_id = adjacent_ones.indicator_id
            and {{ same_territory('own', 'adjacent_ones') }}
            and own.year = adjacent_ones.year
            and adjacent_ones.kind = 'adjacent'
    where own.is_in_scope
    qualify row_number() over (
        partition by own.indicator_id, own.territory_level, own.territory_code
        order by similar_count > 0 desc, own.year desc
    ) = 1
)

select
    chosen.indicator_id,
    chosen.territory_level,
    chosen.territory_code,
    chosen.year,
    chosen.value,
    chosen.compared_unit_fr,
    cast(chosen.similar_count as integer) as similar_count,
    chosen.last_rank as similar_last_rank,
    chosen.median_value as similar_median,
    chosen.lower_quartile as similar_lower_quartile,
    chosen.upper_quartile as similar_upper_quartile,
    chosen.least_value as similar_least,
    chosen.most_value as similar_most,
    cast(coalesce(chosen.zeros, 0) as integer) as similar_zeros,
    cast(chosen.value_rank as integer) as similar_rank,
    cast(chosen.adjacent_count as integer) as adjacent_count,
    chosen.adjacent_median,
    chosen.adjacent_lower_quartile,
    chosen.adjacent_upper_quartile,
    cast(chosen.adjacent_rank as integer) as adjacent_rank,
    regions.value as region_value,
    if(
        chosen.compared_per = 'rate',
        greatest(abs(chosen.value), abs(regions.value))
        > {{ threshold('far_factor') }} * least(abs(chosen.value), abs(regions.value)),
        null
    ) as is_far_from_region,
    chosen.dataset_id,
    chosen.snapshot_id
from chosen
left join {{ ref('int_values_compared') }} as regions
    on
        chosen.indicator_id = regions.indicator_id
        and chosen.territory_level <> 'region'
        and chosen.region_code = regions.territory_code
        and regions.territory_level = 'region'
        and chosen.year = regions.year
        and regions.completeness_pct >= {{ threshold('half_known_pct') }}
