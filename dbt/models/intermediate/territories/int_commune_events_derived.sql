with movements as (
    select
        event_date,
        from_code,
        to_code
    from {{ ref('stg_insee__cog_movements') }}
),

codes as (
    select * from {{ ref('int_commune_codes_folded') }}
),

communes as (
    select
        cog_year,
        commune_code
    from codes
    where code_type = 'commune'
),

folded as (
    select
        cog_year,
        code,
        commune_code
    from codes
    where code_type <> 'commune'
),

vintages as (
    select
        cog_year,
        lag(cog_year) over (order by cog_year) as previous_year
    from communes
    group by cog_year
),

-- After the last movement listed, events are derived from two successive lists and their former codes.
uncovered_vintages as (
    select
        cog_year,
        previous_year,
        make_date(cog_year, 1, 1) as event_date
    from vintages
    where
        previous_year is not null
        and cog_year > coalesce((select year(max(movements.event_date)) from movements), 0)
),

gone as (
    select
        uncovered_vintages.event_date,
        communes.commune_code as from_code,
        folded.commune_code as to_code
    from uncovered_vintages
    inner join communes on uncovered_vintages.previous_year = communes.cog_year
    inner join folded
        on
            uncovered_vintages.cog_year = folded.cog_year
            and communes.commune_code = folded.code
),

-- A new commune whose mother is still there: the mother is split between herself and the new ones.
restored as (
    select
        uncovered_vintages.event_date,
        folded.commune_code as from_code,
        communes.commune_code as to_code
    from uncovered_vintages
    inner join communes on uncovered_vintages.cog_year = communes.cog_year
    inner join folded
        on
            uncovered_vintages.previous_year = folded.cog_year
            and communes.commune_code = folded.code
    inner join communes as mothers
        on
            uncovered_vintages.cog_year = mothers.cog_year
            and folded.commune_code = mothers.commune_code
),

events as (
    select * from movements
    union all
    select * from gone
    union all
    select * from restored
    union
    select
        event_date,
        from_code,
        from_code as to_code
    from restored
),

successors as (
    select
        event_date,
        from_code,
        to_code,
        count(*) over (partition by event_date, from_code) as successor_count
    from events
),

-- A split follows the populations of the first geography in which all its successors exist.
split_populations as (
    select
        successors.event_date,
        successors.from_code,
        successors.to_code,
        populations.population,
        populations.source || ' ' || populations.cog_year as population_source,
        populations.cog_year,
        populations.source_rank,
        sum(populations.population) over split_in_source as total_population,
        count(*) over split_in_source = successors.successor_count as is_complete
    from successors
    inner join {{ ref('int_commune_populations_unioned') }} as populations
        on
            successors.to_code = populations.commune_code
            and year(successors.event_date) <= populations.cog_year
            and populations.population > 0
    where successors.successor_count > 1
    window
        split_in_source as (
            partition by
                successors.event_date, successors.from_code, populations.cog_year, populations.source_rank
        )
),

split_shares as (
    select
        event_date,
        from_code,
        to_code,
        population / total_population as share,
        population_source
    from split_populations
    where is_complete
    qualify row_number() over (
        partition by event_date, from_code, to_code
        order by cog_year, source_rank
    ) = 1
)

select
    successors.event_date,
    successors.from_code,
    successors.to_code,
    coalesce(split_shares.share, 1.0 / successors.successor_count) as share,
    case
        when successors.successor_count > 1
            then coalesce(split_shares.population_source, 'none: equal shares')
    end as population_source
from successors
left join split_shares
    on
        successors.event_date = split_shares.event_date
        and successors.from_code = split_shares.from_code
        and successors.to_code = split_shares.to_code
