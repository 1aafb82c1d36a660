with recursive communes as (
    select
        cog_year,
        commune_code
    from {{ ref('int_communes_dated') }}
),

vintages as (
    select distinct cog_year from communes
),

events as (
    select
        dense_rank() over (order by event_date) as event_rank,
        event_date,
        from_code,
        to_code,
        share,
        population_source
    from {{ ref('int_commune_events_derived') }}
    where year(event_date) >= (select min(vintages.cog_year) from vintages)
),

event_dates as (
    select distinct
        event_rank,
        event_date
    from events
),

-- Only communes that meet an event are walked: the others keep their code.
walk as (
    select
        communes.cog_year as from_year,
        communes.commune_code as from_code,
        communes.commune_code as to_code,
        cast(1 as double) as weight,
        cast(null as varchar) as population_source,
        (
            select count(*) from event_dates
            where event_dates.event_date <= make_date(communes.cog_year, 1, 1)
        ) as event_rank
    from communes
    semi join events
        on
            communes.commune_code = events.from_code
            and make_date(communes.cog_year, 1, 1) < events.event_date
    union all
    select
        walk.from_year,
        walk.from_code,
        coalesce(events.to_code, walk.to_code) as to_code,
        walk.weight * coalesce(events.share, 1) as weight,
        coalesce(events.population_source, walk.population_source) as population_source,
        event_dates.event_rank
    from walk
    inner join event_dates on walk.event_rank + 1 = event_dates.event_rank
    left join events
        on
            event_dates.event_rank = events.event_rank
            and walk.to_code = events.from_code
),

walked as (
    select
        walk.from_year,
        walk.from_code,
        vintages.cog_year as to_year,
        walk.to_code,
        sum(walk.weight) as weight,
        max(walk.population_source) as population_source
    from walk
    inner join vintages on walk.from_year <= vintages.cog_year
    where
        walk.event_rank = (
            select count(*) from event_dates
            where event_dates.event_date <= make_date(vintages.cog_year, 1, 1)
        )
    group by all
),

mapped as (
    select
        communes.cog_year as from_year,
        communes.commune_code as from_code,
        vintages.cog_year as to_year,
        coalesce(walked.to_code, communes.commune_code) as to_code,
        coalesce(walked.weight, 1) as weight,
        walked.population_source
    from communes
    inner join vintages on communes.cog_year <= vintages.cog_year
    left join walked
        on
            communes.cog_year = walked.from_year
            and communes.commune_code = walked.from_code
            and vintages.cog_year = walked.to_year
),

communes_mapped as (
    select
        *,
        case
            when count(*) over (partition by from_year, from_code, to_year) > 1 then 'split'
            when count(*) over (partition by from_year, to_code, to_year) > 1 then 'merged'
            when from_code <> to_code then 'code_change'
            else 'unchanged'
        end as event
    from mapped
),

-- A folded code that a split has made a commune again is that commune, not a share of it.
folded_mapped as (
    select
        mapped.from_year,
        folded.code as from_code,
        mapped.to_year,
        mapped.to_code,
        if(folded.code = mapped.to_code, 1, mapped.weight) as weight,
        if(folded.code = mapped.to_code, null, mapped.population_source) as population_source,
        if(folded.code_type = 'former', 'former_code', 'folded') as event
    from {{ ref('int_commune_codes_folded') }} as folded
    inner join mapped
        on
            folded.cog_year = mapped.from_year
            and folded.commune_code = mapped.from_code
    where folded.code_type <> 'commune'
    qualify
        folded.code = mapped.to_code
        or not bool_or(folded.code = mapped.to_code)
            over (partition by mapped.from_year, folded.code, mapped.to_year)
)

select * from communes_mapped
union all
select * from folded_mapped
