with recursive listed as (
    select
        cog_year,
        code_type,
        code,
        name,
        departement_code,
        region_code,
        parent_code,
        former_codes,
        'etalab_decoupage' as source,
        1 as source_rank
    from {{ ref('stg_etalab__communes') }}
    union all by name
    select
        cog_year,
        code_type,
        code,
        name,
        departement_code,
        region_code,
        parent_code,
        'insee_cog' as source,
        2 as source_rank
    from {{ ref('stg_insee__cog_communes') }}
    union all by name
    select
        cog_year,
        'commune' as code_type,
        commune_code as code,
        commune_name as name,
        departement_code,
        region_code,
        'bundled_etalab_decoupage' as source,
        3 as source_rank
    from {{ ref('stg_leviers__bundled_communes') }}
),

-- A vintage comes whole from one source: the lists are never mixed.
codes as (
    select *
    from listed
    qualify source_rank = min(source_rank) over (partition by cog_year)
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
    select * from {{ ref('stg_insee__cog_movements') }}
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
    -- a commune that was shared out between several has no successor
    select
        any_value(first_list.cog_year) as cog_year,
        gone.code,
        any_value(first_list.commune_code) as commune_code,
        'former' as code_type
    from gone
    inner join first_list on gone.commune_code = first_list.commune_code
    group by gone.code
    having count(distinct first_list.commune_code) = 1
),

folded as (
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
)

select
    cog_year,
    code,
    code as commune_code,
    code_type,
    name,
    departement_code,
    region_code,
    source
from codes
where code_type = 'commune'
union all
select
    cog_year,
    code,
    commune_code,
    code_type,
    null as name,
    null as departement_code,
    null as region_code,
    null as source
from folded
