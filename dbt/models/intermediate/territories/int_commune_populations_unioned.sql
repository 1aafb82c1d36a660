with populations as (
    select
        cog_year,
        commune_code,
        population,
        population_year,
        'insee_populations' as source,
        1 as source_rank
    from {{ ref('stg_insee__populations') }}
    union all
    select
        cog_year,
        commune_code,
        population,
        null as population_year,
        'dgcl_epci' as source,
        2 as source_rank
    from {{ ref('stg_dgcl__epci_members') }}
    union all
    select
        codes.cog_year,
        codes.code as commune_code,
        codes.population,
        editions.population_year,
        codes.source,
        3 as source_rank
    from {{ ref('int_cog_codes_unioned') }} as codes
    left join {{ ref('population_editions') }} as editions
        on
            codes.cog_year = editions.cog_year
            and codes.source = editions.dataset_id
    where codes.code_type = 'commune'
)

select
    cog_year,
    commune_code,
    population,
    population_year,
    source,
    source_rank
from populations
where population is not null
