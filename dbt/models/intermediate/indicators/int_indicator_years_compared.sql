-- `walked` recurses over the years of a series in order: a step takes the next year and hands on its number
-- (`whole_year_number`) if it is whole, else the one before: so two partial years in a row are both found.
with recursive observations as (
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

finest as (
    select observations.*
    from observations
    left join {{ ref('levels') }} as levels on observations.territory_level = levels.territory_level
    qualify
        rank() over (partition by observations.indicator_id order by levels.level_order desc nulls last) = 1
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
        any_value(finest.territory_level) as counted_level,
        bool_or(finest.members is not null) as counts_members,
        counted_level || if(counts_members, ' members', '') as counted,
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

-- Content of the edition before, by year, if it was counted in the same way (`counted`).
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

all_years as (
    select
        coalesce(present.dataset_id, earlier.dataset_id) as dataset_id,
        coalesce(present.indicator_id, earlier.indicator_id) as indicator_id,
        coalesce(present.year, earlier.year) as year,
        coalesce(present.counted, earlier.counted) as counted,
        present.counted_level,
        present.counts_members,
        present.indicator_id is not null as is_present,
        present.members,
        present.value_sum,
        coalesce(present.is_part_of_year, false) as is_part_of_year,
        earlier.members as edition_members,
        earlier.value_sum as edition_value_sum
    from present
    full join earlier
        on
            present.dataset_id = earlier.dataset_id
            and present.indicator_id = earlier.indicator_id
            and present.year = earlier.year
),

numbered as (
    select
        all_years.*,
        coalesce(all_years.members, all_years.edition_members) as known_members,
        if(all_years.is_present, all_years.value_sum, all_years.edition_value_sum) as known_value_sum,
        rules.rule is not null as is_declared,
        coalesce(rules.rule = 'events', false) as is_of_events,
        coalesce(
            rules.rule is distinct from 'fewer_members'
            and {{ loses_members('all_years.members', 'all_years.edition_members') }},
            false
        ) as is_short_of_edition,
        all_years.is_present
        and all_years.year = max(all_years.year) over (
            partition by all_years.dataset_id, all_years.indicator_id
        ) as is_newest,
        row_number() over (
            partition by all_years.dataset_id, all_years.indicator_id
            order by all_years.year
        ) as year_number
    from all_years
    left join {{ ref('indicator_value_rules') }} as rules
        on
            all_years.indicator_id = rules.indicator_id
            and all_years.year between rules.year_from and rules.year_to
            and rules.rule in ('fewer_members', 'events')
),

walked as (
    select distinct
        dataset_id,
        indicator_id,
        cast(0 as bigint) as year_number,
        cast(null as bigint) as whole_year_number
    from numbered
    union all
    select
        years.dataset_id,
        years.indicator_id,
        years.year_number,
        if(
            years.known_members is null
            or years.is_part_of_year
            or years.is_short_of_edition
            or (
                not years.is_declared
                and coalesce({{ loses_members('years.known_members', 'whole_years.known_members') }}, false)
            ),
            walked.whole_year_number,
            years.year_number
        ) as whole_year_number
    from walked
    inner join numbered as years
        on
            walked.dataset_id = years.dataset_id
            and walked.indicator_id = years.indicator_id
            and walked.year_number + 1 = years.year_number
    left join numbered as whole_years
        on
            walked.dataset_id = whole_years.dataset_id
            and walked.indicator_id = whole_years.indicator_id
            and walked.whole_year_number = whole_years.year_number
),

last_whole_years as (
    select
        dataset_id,
        indicator_id,
        max(whole_year_number) as whole_year_number
    from walked
    group by dataset_id, indicator_id
),

-- A short year that a complete one follows is history: `is_short_of_year` is false.
compared as (
    select
        years.*,
        whole_years.year as whole_year,
        whole_years.known_members as whole_members,
        whole_years.known_value_sum as whole_value_sum,
        coalesce(
            not years.is_declared
            and years.year_number > last_whole_years.whole_year_number
            and {{ loses_members('years.members', 'whole_years.known_members') }},
            false
        ) as is_short_of_year
    from numbered as years
    inner join walked
        on
            years.dataset_id = walked.dataset_id
            and years.indicator_id = walked.indicator_id
            and years.year_number - 1 = walked.year_number
    inner join last_whole_years
        on
            years.dataset_id = last_whole_years.dataset_id
            and years.indicator_id = last_whole_years.indicator_id
    left join numbered as whole_years
        on
            years.dataset_id = whole_years.dataset_id
            and years.indicator_id = whole_years.indicator_id
            and walked.whole_year_number = whole_years.year_number
),

judged as (
    select
        *,
        is_present and (is_part_of_year or is_short_of_edition or is_short_of_year) as is_incomplete,
        is_newest and not is_incomplete as may_warn,
        may_warn
        and coalesce({{ has_partial_fall('value_sum', 'edition_value_sum') }}, false)
            as is_sum_short_of_edition,
        may_warn
        and not is_of_events
        and coalesce({{ has_partial_fall('value_sum', 'whole_value_sum') }}, false) as is_sum_short_of_year,
        is_short_of_edition or is_sum_short_of_edition as is_held_against_edition
    from compared
)

select
    dataset_id,
    indicator_id,
    year,
    counted,
    counted_level,
    counts_members,
    is_present,
    members,
    value_sum,
    case
        when is_held_against_edition then 'edition'
        when whole_year is not null then 'year'
    end as compared_with,
    if(is_held_against_edition, year, whole_year) as year_before,
    if(is_held_against_edition, edition_members, whole_members) as members_before,
    if(is_held_against_edition, edition_value_sum, whole_value_sum) as value_sum_before,
    is_part_of_year,
    is_incomplete,
    is_sum_short_of_edition or is_sum_short_of_year as is_sum_short,
    -- The next edition is compared with these: for a year that this one cut short, what the one before had.
    if(is_present and not is_short_of_edition, members, edition_members) as members_noted,
    if(is_present and not is_short_of_edition, value_sum, edition_value_sum) as value_sum_noted
from judged
