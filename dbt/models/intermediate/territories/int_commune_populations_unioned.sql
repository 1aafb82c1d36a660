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
        listed.cog_year,
        listed.commune_code,
        listed.population,
        editions.population_year,
        listed.source,
        3 as source_rank
    from (
        select
            cog_year,
            commune_code,
            population,
            'etalab_decoupage' as source
        from {{ ref('stg_etalab__commune_populations') }}
        union all
        -- the list that ships with the demo stands where there is no other
        select
            bundled.cog_year,
            bundled.commune_code,
            bundled.population,
            'bundled_etalab_decoupage' as source
        from {{ ref('stg_leviers__bundled_communes') }} as bundled
        anti join {{ ref('stg_etalab__commune_populations') }} as published
            on bundled.cog_year = published.cog_year
    ) as listed
    left join {{ ref('population_editions') }} as editions
        on
            listed.cog_year = editions.cog_year
            and replace(listed.source, 'bundled_', '') = editions.dataset_id
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
