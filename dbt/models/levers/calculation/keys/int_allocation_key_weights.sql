with listed as (
    select distinct
        key_id,
        indicator_id,
        spread_indicator_id
    from {{ ref('int_allocation_keys_listed') }}
),

communes as (
    select * from {{ ref('int_allocation_communes') }}
),

-- The value of a part is divided between its communes by population.
direct as (
    select
        parts.indicator_id,
        parts.region_code,
        communes.commune_code,
        parts.part_level,
        parts.part_code,
        communes.population,
        parts.value as part_value,
        case
            when parts.part_level = 'commune' then parts.value
            else parts.value * communes.population / nullif(parts.population, 0)
        end as weight,
        parts.year,
        parts.is_estimated,
        parts.is_cut,
        parts.dataset_id
    from {{ ref('int_allocation_parts_valued') }} as parts
    inner join communes
        on
            parts.region_code = communes.region_code
            and parts.part_level = communes.part_level
            and parts.part_code = communes.part_code
),

-- A second weight replaces population, except in a part where it is zero everywhere.
spread as (
    select
        listed.key_id,
        direct.region_code,
        direct.commune_code,
        direct.part_level,
        direct.weight as population_weight,
        direct.part_value
        * second_weights.weight
        / nullif(
            cast(
                sum(cast(second_weights.weight as decimal(38, 9)))
                    over (partition by listed.key_id, direct.region_code, direct.part_code)
                as double
            ),
            0
        ) as weight,
        direct.year as key_year,
        direct.is_estimated or second_weights.is_estimated as is_estimated,
        direct.is_cut,
        direct.dataset_id || ' + ' || second_weights.dataset_id as key_source
    from listed
    inner join direct on listed.indicator_id = direct.indicator_id
    inner join direct as second_weights
        on
            listed.spread_indicator_id = second_weights.indicator_id
            and direct.region_code = second_weights.region_code
            and direct.commune_code = second_weights.commune_code
),

-- A value that a source locates in a departement, but in no commune, stays in the departement.
not_located as (
    select
        chosen.indicator_id,
        chosen.region_code,
        set_aside.territory_code as departement_code,
        chosen.part_level,
        set_aside.value as weight,
        chosen.year,
        chosen.dataset_id
    from (
        select distinct
            indicator_id,
            region_code,
            part_level,
            year,
            dataset_id
        from {{ ref('int_allocation_parts_valued') }}
        where part_level = 'commune'
    ) as chosen
    inner join {{ ref('int_observations_set_aside') }} as set_aside
        on
            chosen.indicator_id = set_aside.indicator_id
            and chosen.year = set_aside.year
            and set_aside.territory_level = 'departement'
    inner join {{ ref('dim_territory') }} as departements
        on
            set_aside.territory_code = departements.territory_code
            and departements.territory_level = 'departement'
            and chosen.region_code = departements.region_code
)

select
    listed.key_id,
    direct.region_code,
    direct.commune_code as place_code,
    direct.part_level as key_level,
    coalesce(direct.weight, 0) as weight,
    direct.year as key_year,
    direct.is_estimated,
    direct.is_cut,
    direct.dataset_id as key_source
from listed
inner join direct on listed.indicator_id = direct.indicator_id
where listed.spread_indicator_id is null
union all
select
    listed.key_id,
    not_located.region_code,
    not_located.departement_code as place_code,
    not_located.part_level as key_level,
    not_located.weight,
    not_located.year as key_year,
    false as is_estimated,
    false as is_cut,
    not_located.dataset_id as key_source
from listed
inner join not_located on listed.indicator_id = not_located.indicator_id
where listed.spread_indicator_id is null
union all
select
    key_id,
    region_code,
    commune_code as place_code,
    part_level as key_level,
    coalesce(weight, population_weight, 0) as weight,
    key_year,
    is_estimated,
    is_cut,
    key_source
from spread
