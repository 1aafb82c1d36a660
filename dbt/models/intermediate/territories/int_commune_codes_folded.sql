with recursive codes as (
    select
        cog_year,
        code_type,
        code,
        parent_code,
        former_codes
    from {{ ref('int_cog_codes_unioned') }}
),

communes as (
    select
        cog_year,
        code as commune_code
    from codes
    where code_type = 'commune'
),

first_list as (
    select
        cog_year,
        commune_code
    from communes
    where cog_year = (select min(oldest.cog_year) from communes as oldest)
),

movements as (
    select
        event_date,
        from_code,
        to_code
    from {{ ref('stg_insee__cog_movements') }}
    where event_date <= (select make_date(min(first_list.cog_year), 1, 1) from first_list)
),

-- A commune that was gone before the first list is walked to the one that its territory joined.
gone as (
    select
        movements.from_code as code,
        movements.to_code as commune_code,
        movements.event_date
    from movements
    anti join first_list on movements.from_code = first_list.commune_code
    union
    select
        gone.code,
        movements.to_code as commune_code,
        movements.event_date
    from gone
    inner join movements
        on
            gone.commune_code = movements.from_code
            and gone.event_date <= movements.event_date
    anti join first_list on gone.commune_code = first_list.commune_code
),

parts as (
    select
        cog_year,
        code,
        parent_code as commune_code,
        code_type
    from codes
    where code_type <> 'commune'
    union all
    select
        cog_year,
        unnest(former_codes) as code,
        code as commune_code,
        'former' as code_type
    from codes
    where code_type = 'commune'
    union all
    -- one that was shared out between several has no heir
    select
        any_value(first_list.cog_year) as cog_year,
        gone.code,
        any_value(first_list.commune_code) as commune_code,
        'former' as code_type
    from gone
    inner join first_list on gone.commune_code = first_list.commune_code
    group by gone.code
    having count(distinct first_list.commune_code) = 1
)

select
    parts.cog_year,
    parts.code,
    parts.commune_code,
    parts.code_type
from parts
inner join communes
    on
        parts.cog_year = communes.cog_year
        and parts.commune_code = communes.commune_code
-- A delegated commune often bears the code of its commune: the commune wins.
anti join communes as namesakes
    on
        parts.cog_year = namesakes.cog_year
        and parts.code = namesakes.commune_code
qualify row_number() over (
    partition by parts.cog_year, parts.code
    order by parts.code_type = 'former', parts.commune_code
) = 1
