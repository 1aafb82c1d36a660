with levels as (
    select
        indicator_id,
        key_level as part_level,
        absent_is_zero
    from {{ ref('int_allocation_keys_listed') }}
    union
    select
        spread_indicator_id as indicator_id,
        spread_level as part_level,
        false as absent_is_zero
    from {{ ref('int_allocation_keys_listed') }}
    where spread_indicator_id is not null
),

communes as (
    select
        commune_code,
        region_code,
        part_level,
        part_code,
        population
    from {{ ref('int_allocation_communes') }}
),

regions as (
    select territory_code as region_code
    from {{ ref('dim_territory') }}
    where territory_level = 'region' and is_in_scope
),

whole_parts as (
    select
        part_level,
        part_code,
        sum(population) as population,
        count(*) as commune_count
    from communes
    group by part_level, part_code
),

parts as (
    select
        communes.region_code,
        communes.part_level,
        communes.part_code,
        any_value(whole_parts.population) as population,
        sum(communes.population) as population_inside,
        count(*) < any_value(whole_parts.commune_count) as is_cut
    from communes
    inner join whole_parts
        on
            communes.part_level = whole_parts.part_level
            and communes.part_code = whole_parts.part_code
    inner join regions on communes.region_code = regions.region_code
    group by communes.region_code, communes.part_level, communes.part_code
),

region_sizes as (
    select
        region_code,
        part_level,
        sum(population_inside) as population
    from parts
    group by region_code, part_level
),

-- Population comes from the reference list, which has every commune. Entered values are no keys.
indicator_values as (
    select
        known.indicator_id,
        known.territory_level,
        known.territory_code,
        known.year,
        if(
            known.completeness_pct >= {{ threshold('key_known_pct') }},
            if(refused.indicator_id is null, known.value, refused.mended_value),
            null
        ) as value,
        known.value_status,
        known.is_anomalous,
        known.is_anomalous and refused.mended_value is null as is_outlier,
        known.dataset_id
    from {{ ref('fct_indicator_value') }} as known
    left join {{ ref('int_allocation_values_refused') }} as refused
        on {{ same_value('known', 'refused') }}
    where known.indicator_id <> 'population' and not known.is_incomplete_year and not known.is_entered
    union all
    select
        'population' as indicator_id,
        'commune' as territory_level,
        commune_code as territory_code,
        population_year as year,
        population as value,
        'observed' as value_status,
        false as is_anomalous,
        false as is_outlier,
        source as dataset_id
    from {{ ref('dim_commune_year') }}
    where cog_year = {{ var('cog_year') }}
),

proportional_series as (
    select distinct
        indicator_id,
        smoothing_years
    from {{ ref('verdict_rules') }}
    where basis = 'proportional'
),

-- A series that gives a territory its path is a key by where that starts, without an outlier.
starts as (
    select
        known.indicator_id,
        known.territory_level,
        known.territory_code,
        {{ threshold('path_start_year') }} as year,
        if(
            count(known.value) filter (where not known.is_outlier) = any_value(rules.smoothing_years),
            avg(known.value order by known.year),
            null
        ) as value,
        any_value(known.value_status) as value_status,
        false as is_anomalous,
        any_value(known.dataset_id) as dataset_id
    from indicator_values as known
    inner join proportional_series as rules
        on
            known.indicator_id = rules.indicator_id
            and {{ threshold('path_start_year') }} - known.year between 0 and rules.smoothing_years - 1
    group by known.indicator_id, known.territory_level, known.territory_code
),

key_values as (
    select
        * exclude (is_outlier), -- noqa: RF02
        false as is_start
    from indicator_values
    union all by name
    select
        *,
        true as is_start
    from starts
),

-- If an absent row means zero (`absent_is_zero`), a value below the threshold of declaration is zero too.
published as (
    select
        parts.region_code,
        parts.part_level,
        parts.part_code,
        parts.population,
        parts.population_inside,
        key_values.indicator_id,
        key_values.year,
        key_values.is_start,
        if(
            levels.absent_is_zero and key_values.value_status = 'below_threshold',
            0,
            key_values.value
        ) as value,
        key_values.is_anomalous,
        key_values.dataset_id,
        levels.absent_is_zero
    from key_values
    inner join levels
        on
            key_values.indicator_id = levels.indicator_id
            and key_values.territory_level = levels.part_level
    inner join parts
        on
            key_values.territory_level = parts.part_level
            and key_values.territory_code = parts.part_code
),

-- The start of a path, else the newest year without anomalous values or, failing one, the newest.
newest as (
    select
        published.indicator_id,
        published.region_code,
        published.part_level,
        published.year,
        published.is_start,
        any_value(published.dataset_id) as dataset_id,
        any_value(published.absent_is_zero) as absent_is_zero,
        {{ weighted_sum('published.value', '1') }}
        / sum(published.population) filter (where published.value is not null) as value_per_head
    from published
    inner join region_sizes
        on
            published.region_code = region_sizes.region_code
            and published.part_level = region_sizes.part_level
    group by
        published.indicator_id,
        published.region_code,
        published.part_level,
        published.year,
        published.is_start
    having
        max(published.value) > 0
        and sum(published.population_inside) filter (where published.value is not null)
        + if(
            any_value(published.absent_is_zero),
            any_value(region_sizes.population) - sum(published.population_inside),
            0
        )
        >= {{ threshold('key_coverage') }} * any_value(region_sizes.population)
    qualify row_number() over (
        partition by published.indicator_id, published.region_code
        order by published.is_start desc, bool_or(published.is_anomalous) asc, published.year desc
    ) = 1
)

select
    newest.indicator_id,
    newest.region_code,
    newest.part_level,
    parts.part_code,
    newest.year,
    case
        when published.value is not null then published.value
        when newest.absent_is_zero and published.part_code is null then 0
        else newest.value_per_head * parts.population
    end as value,
    published.value is null and not (newest.absent_is_zero and published.part_code is null) as is_estimated,
    parts.is_cut,
    parts.population,
    newest.dataset_id
from newest
inner join parts
    on
        newest.region_code = parts.region_code
        and newest.part_level = parts.part_level
left join published
    on
        newest.indicator_id = published.indicator_id
        and newest.region_code = published.region_code
        and newest.year = published.year
        and newest.is_start = published.is_start
        and parts.part_code = published.part_code
