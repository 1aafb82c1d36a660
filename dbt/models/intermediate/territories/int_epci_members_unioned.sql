with members as (
    select
        cog_year,
        epci_code,
        epci_name,
        epci_type,
        commune_code,
        1 as source_rank
    from {{ ref('stg_etalab__epci_members') }}
    union all
    select
        cog_year,
        epci_code,
        epci_name,
        epci_type,
        commune_code,
        2 as source_rank
    from {{ ref('stg_dgcl__epci_members') }}
    union all
    select
        cog_year,
        epci_code,
        epci_name,
        epci_type,
        commune_code,
        3 as source_rank
    from {{ ref('stg_leviers__bundled_communes') }}
    where epci_code is not null
),

ranked as (
    select
        *,
        min(source_rank) over (partition by cog_year) as vintage_rank
    from members
)

select
    cog_year,
    epci_code,
    epci_name,
    epci_type,
    commune_code
from ranked
where source_rank = vintage_rank
