with codes as (
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
    union all
    select
        cog_year,
        code_type,
        code,
        name,
        departement_code,
        region_code,
        parent_code,
        null as former_codes,
        'insee_cog' as source,
        2 as source_rank
    from {{ ref('stg_insee__cog_communes') }}
    union all
    select
        cog_year,
        'commune' as code_type,
        commune_code as code,
        commune_name as name,
        departement_code,
        region_code,
        null as parent_code,
        null as former_codes,
        'bundled_etalab_decoupage' as source,
        3 as source_rank
    from {{ ref('stg_leviers__bundled_communes') }}
),

-- A vintage comes whole from one source: the lists are never mixed.
ranked as (
    select
        *,
        min(source_rank) over (partition by cog_year) as vintage_rank
    from codes
)

select
    cog_year,
    code_type,
    code,
    name,
    departement_code,
    region_code,
    parent_code,
    former_codes,
    source
from ranked
where source_rank = vintage_rank
