{#- An indicator is a key in a region where its values cover this share of the population. -#}
{% set required_coverage = 0.9 %}

with levels as (
    select
        indicator_id,
        key_level as part_level
    from {{ ref('int_allocation_keys_listed') }}
    union
    select
        spread_indicator_id as indicator_id,
        spread_level as part_level
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

-- Population is that of the reference list, on which every territory stands.
indicator_values as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value,
        dataset_id
    from {{ ref('fct_indicator_value') }}
    where value is not null and indicator_id <> 'population'
    union all
    select
        'population' as indicator_id,
        'commune' as territory_level,
        commune_code as territory_code,
        population_year as year,
        population as value,
        source as dataset_id
    from {{ ref('dim_commune_year') }}
    where population is not null and cog_year = {{ var('cog_year') }}
),

known as (
    select
        parts.region_code,
        parts.part_level,
        parts.part_code,
        parts.population,
        parts.population_inside,
        indicator_values.indicator_id,
        indicator_values.year,
        indicator_values.value,
        indicator_values.dataset_id
    from indicator_values
    inner join levels
        on
            indicator_values.indicator_id = levels.indicator_id
            and indicator_values.territory_level = levels.part_level
    inner join parts
        on
            indicator_values.territory_level = parts.part_level
            and indicator_values.territory_code = parts.part_code
),

newest as (
    select
        known.indicator_id,
        known.region_code,
        known.part_level,
        known.year,
        any_value(known.dataset_id) as dataset_id,
        {{ weighted_sum('known.value', '1') }} / sum(known.population) as value_per_head,
        sum(known.population_inside) / any_value(region_sizes.population) as coverage
    from known
    inner join region_sizes
        on
            known.region_code = region_sizes.region_code
            and known.part_level = region_sizes.part_level
    group by known.indicator_id, known.region_code, known.part_level, known.year
    having
        sum(known.population_inside) >= {{ required_coverage }} * any_value(region_sizes.population)
        and max(known.value) > 0
    qualify row_number() over (
        partition by known.indicator_id, known.region_code
        order by known.year desc
    ) = 1
)

select
    newest.indicator_id,
    newest.region_code,
    newest.part_level,
    parts.part_code,
    newest.year,
    coalesce(known.value, newest.value_per_head * parts.population) as value,
    known.value is null as is_estimated,
    parts.is_cut,
    parts.population,
    newest.dataset_id
from newest
inner join parts
    on
        newest.region_code = parts.region_code
        and newest.part_level = parts.part_level
left join known
    on
        newest.indicator_id = known.indicator_id
        and newest.region_code = known.region_code
        and newest.year = known.year
        and parts.part_code = known.part_code
