with codes as (
    select distinct
        snapshot_id,
        territory_code as code
    from {{ ref('int_observations_unioned') }}
    where territory_level = 'commune'
),

-- Delegated and associated communes do not date a file: old declarations go on bearing their codes.
vintage_codes as (
    select * from {{ ref('int_commune_codes_folded') }}
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

-- The vintage that the record of a dataset declares comes first.
select
    counts.snapshot_id,
    counts.cog_year,
    counts.code_count,
    counts.unknown_count
from counts
left join {{ ref('stg_leviers__datasets') }} as datasets
    on
        {{ dataset_of('counts.snapshot_id') }} = datasets.dataset_id
        and counts.cog_year = datasets.cog_year
qualify row_number() over (
    partition by counts.snapshot_id
    order by datasets.dataset_id is null asc, counts.unknown_count asc, counts.cog_year desc
) = 1
