with codes as (
    select distinct
        snapshot_id,
        territory_code as code
    from {{ ref('int_observations_unioned') }}
    where territory_level = 'commune'
),

-- Delegated and associated communes do not date a file: old declarations go on bearing their codes.
vintage_codes as (
    select
        cog_year,
        code
    from {{ ref('int_cog_codes_unioned') }}
    where code_type in ('commune', 'arrondissement')
),

vintages as (
    select distinct cog_year from vintage_codes
),

counts as (
    select
        codes.snapshot_id,
        vintages.cog_year,
        count(*) as code_count,
        count(*) - count(vintage_codes.code) as unknown_count
    from codes
    cross join vintages
    left join vintage_codes
        on
            vintages.cog_year = vintage_codes.cog_year
            and codes.code = vintage_codes.code
    group by codes.snapshot_id, vintages.cog_year
)

select
    snapshot_id,
    cog_year,
    code_count,
    unknown_count
from counts
qualify row_number() over (
    partition by snapshot_id
    order by unknown_count asc, cog_year desc
) = 1
