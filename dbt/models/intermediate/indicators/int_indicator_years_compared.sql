with observations as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value,
        is_part_of_year,
        members,
        dataset_id
    from {{ ref('int_observations_dated') }}
    where rejection_reason is null and value is not null
),

-- Of an indicator that comes at several levels, the finest is counted.
finest_levels as (
    select
        indicator_id,
        territory_level
    from observations
    group by indicator_id, territory_level
    qualify row_number() over (
        partition by indicator_id
        order by list_position(['commune', 'epci', 'departement', 'region', 'pays'], territory_level)
    ) = 1
),

finest as (
    select observations.*
    from observations
    inner join finest_levels
        on
            observations.indicator_id = finest_levels.indicator_id
            and observations.territory_level = finest_levels.territory_level
),

listed as (
    select
        dataset_id,
        indicator_id,
        year,
        unnest(coalesce(members, [territory_code])) as member
    from finest
),

-- Members without a name, such as networks before they had an identifier, cannot be counted.
counts as (
    select
        dataset_id,
        indicator_id,
        year,
        nullif(count(distinct member), 0) as members
    from listed
    group by dataset_id, indicator_id, year
),

present as (
    select
        finest.dataset_id,
        finest.indicator_id,
        finest.year,
        any_value(finest.territory_level)
        || if(bool_or(finest.members is not null), ' members', '') as counted,
        any_value(counts.members) as members,
        if(
            any_value(indicators.is_additive),
            cast(sum(cast(finest.value as decimal(38, 9))) as double),
            null
        ) as value_sum,
        bool_and(finest.is_part_of_year) as is_part_of_year
    from finest
    inner join {{ ref('indicators') }} as indicators on finest.indicator_id = indicators.indicator_id
    left join counts
        on
            finest.dataset_id = counts.dataset_id
            and finest.indicator_id = counts.indicator_id
            and finest.year = counts.year
    group by finest.dataset_id, finest.indicator_id, finest.year
),

-- What the edition before held, by year; a number counted in another way is none to compare with.
earlier as (
    select
        editions.dataset_id,
        editions.indicator_id,
        editions.year,
        editions.counted,
        editions.members,
        editions.value_sum
    from {{ ref('stg_leviers__edition_years') }} as editions
    semi join present
        on
            editions.dataset_id = present.dataset_id
            and editions.indicator_id = present.indicator_id
            and editions.counted = present.counted
),

years as (
    select
        dataset_id,
        indicator_id,
        year,
        coalesce(present.counted, earlier.counted) as counted,
        present.indicator_id is not null as is_present,
        present.members,
        present.value_sum,
        coalesce(present.is_part_of_year, false) as is_part_of_year,
        earlier.members as edition_members,
        earlier.value_sum as edition_value_sum,
        coalesce({{ loses_members('present.members', 'earlier.members') }}, false) as is_short_of_edition
    from present
    full join earlier using (dataset_id, indicator_id, year)
),

-- A year is held against the last one that was itself all there: two partial years in a row are both seen.
aligned as (
    select
        *,
        list_reduce(
            list({
                'year': year,
                'members': coalesce(members, edition_members),
                'value_sum': if(is_present, value_sum, edition_value_sum)
            }) filter (
                where coalesce(members, edition_members) is not null
                and not is_part_of_year
                and not is_short_of_edition
            ) over (
                partition by dataset_id, indicator_id
                order by year
                rows between unbounded preceding and 1 preceding
            ),
            lambda whole, next: if({{ loses_members('next.members', 'whole.members') }}, whole, next)
        ) as last_whole
    from years
),

compared as (
    select
        *,
        coalesce({{ loses_members('members', 'last_whole.members') }}, false) as is_short_of_year,
        is_present and (is_part_of_year or is_short_of_edition or is_short_of_year) as is_incomplete,
        coalesce(
            is_present
            and not is_incomplete
            and year = max(year) over (partition by dataset_id, indicator_id)
            and {{ falls_by_a_third('value_sum', 'edition_value_sum') }},
            false
        ) as is_sum_short_of_edition,
        coalesce(
            is_present
            and not is_incomplete
            and year = max(year) over (partition by dataset_id, indicator_id)
            and {{ falls_by_a_third('value_sum', 'last_whole.value_sum') }},
            false
        ) as is_sum_short_of_year
    from aligned
)

select
    dataset_id,
    indicator_id,
    year,
    counted,
    is_present,
    members,
    value_sum,
    case
        when is_short_of_edition or is_sum_short_of_edition then 'edition'
        when last_whole is not null then 'year'
    end as compared_with,
    case when compared_with = 'edition' then year else last_whole.year end as year_before,
    case when compared_with = 'edition' then edition_members else last_whole.members end as members_before,
    case when compared_with = 'edition' then edition_value_sum else last_whole.value_sum end as value_sum_before,
    is_part_of_year,
    is_incomplete,
    is_sum_short_of_edition or is_sum_short_of_year as is_sum_short,
    -- What the next edition is held against: of a year that this one cut short, what there was before.
    if(is_present and not is_short_of_edition, members, edition_members) as members_noted,
    if(is_present and not is_short_of_edition, value_sum, edition_value_sum) as value_sum_noted
from compared
