with observations as (
    select
        indicator_id,
        territory_level,
        territory_code,
        cog_year,
        year,
        reference_date,
        value,
        value_status,
        completeness_pct,
        masked_count,
        is_provisional,
        dataset_id,
        snapshot_id
    from {{ ref('int_observations_dated') }}
    where rejection_reason is null
),

commune_codes as (
    select * from {{ ref('int_commune_codes_mapped') }}
    where to_year = {{ var('cog_year') }}
),

territories as (
    select
        'commune' as territory_level,
        commune_code as territory_code,
        region_code
    from {{ ref('int_communes_dated') }}
    where cog_year = {{ var('cog_year') }}
    union
    select
        'departement' as territory_level,
        departement_code as territory_code,
        region_code
    from {{ ref('int_communes_dated') }}
    where cog_year = {{ var('cog_year') }}
),

-- The `order by` in a mean fixes its last digit.
rebased as (
    select
        observations.indicator_id,
        'commune' as territory_level,
        commune_codes.to_code as territory_code,
        observations.year,
        max(observations.reference_date) as reference_date,
        {{ weighted_sum('observations.value', 'commune_codes.weight') }} as value,
        if(
            count(*) = 1 and max(commune_codes.weight) = 1,
            any_value(observations.value_status),
            {{ weakest_status(
                "observations.value", "observations.value_status", "commune_codes.weight < 1"
            ) }}
        ) as value_status,
        avg(observations.completeness_pct order by observations.completeness_pct) as completeness_pct,
        cast(sum(observations.masked_count) as bigint) as masked_count,
        bool_or(observations.is_provisional) as is_provisional,
        max(observations.dataset_id) as dataset_id,
        max(observations.snapshot_id) as snapshot_id
    from observations
    inner join commune_codes
        on
            observations.cog_year = commune_codes.from_year
            and observations.territory_code = commune_codes.from_code
    where observations.territory_level = 'commune'
    group by observations.indicator_id, commune_codes.to_code, observations.year
),

published as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        max(reference_date) as reference_date,
        if(count(*) = 1, any_value(value), {{ weighted_sum('value', '1') }}) as value,
        case
            when count(*) = 1 then any_value(value_status)
            else ({{ weakest_status('value', 'value_status', 'false') }})
        end as value_status,
        avg(completeness_pct order by completeness_pct) as completeness_pct,
        cast(sum(masked_count) as bigint) as masked_count,
        bool_or(is_provisional) as is_provisional,
        max(dataset_id) as dataset_id,
        max(snapshot_id) as snapshot_id
    from observations
    where territory_level <> 'commune'
    group by indicator_id, territory_level, territory_code, year
),

known as (
    select * from rebased
    union all
    select * from published
),

series as (
    select
        observations.indicator_id,
        observations.territory_level,
        observations.year,
        observations.dataset_id,
        max(observations.reference_date) as reference_date,
        bool_or(observations.is_provisional) as is_provisional,
        max(observations.snapshot_id) as snapshot_id
    from observations
    inner join {{ ref('indicators') }} as indicators
        on
            observations.indicator_id = indicators.indicator_id
            and observations.territory_level = indicators.rollup_from
    group by
        observations.indicator_id, observations.territory_level, observations.year, observations.dataset_id
),

-- The zeros of files whose absent rows mean zero, in the regions that they cover.
absent as (
    select
        series.indicator_id,
        territories.territory_level,
        territories.territory_code,
        series.year,
        series.reference_date,
        0 as value,
        'observed' as value_status,
        100 as completeness_pct,
        0 as masked_count,
        series.is_provisional,
        series.dataset_id,
        series.snapshot_id
    from series
    inner join {{ ref('int_regions_covered') }} as covered
        on
            series.dataset_id = covered.dataset_id
            and series.territory_level = covered.territory_level
            and series.year = covered.year
    inner join territories
        on
            covered.territory_level = territories.territory_level
            and covered.region_code = territories.region_code
    anti join known
        on
            series.indicator_id = known.indicator_id
            and {{ same_territory('territories', 'known') }}
            and series.year = known.year
    where not coalesce(list_contains(covered.lost_communes, territories.territory_code), false)
)

select * from known
union all
select * from absent
