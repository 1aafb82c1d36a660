with codes as (
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
