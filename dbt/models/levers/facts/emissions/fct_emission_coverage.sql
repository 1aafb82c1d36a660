with levels (territory_level, depth, finest_fr) as (
    values
    ('pays', 1, 'au pays'),
    ('region', 2, 'à la région'),
    ('departement', 3, 'au département'),
    ('epci', 4, 'à l''EPCI'),
    ('commune', 5, 'à la commune')
),

sources as (
    select
        emission_sources.source_name as source,
        indicators.dataset_id,
        max(emission_sources.region_code) as region_code,
        max(indicators.finest_level) as finest_level,
        bool_and(indicators.rollup_from is null) as is_without_sums,
        max(emission_sources.gases_fr) as gases,
        max(emission_sources.scope_fr) as scope
    from {{ ref('emission_sources') }} as emission_sources
    inner join {{ ref('dim_indicator') }} as indicators
        on emission_sources.indicator_id = indicators.indicator_id
    group by emission_sources.source_name, indicators.dataset_id
),

territories as (
    select
        territory_level,
        territory_code
    from {{ ref('int_coverage_territories_listed') }}
    where is_counted
),

expected as (
    select
        territory_level,
        count(*) as territories_expected
    from territories
    group by territory_level
),

covered as (
    select
        emissions.source,
        emissions.territory_level,
        min(emissions.year) as first_year,
        max(emissions.year) as last_year,
        count(distinct emissions.territory_code) as territories_covered
    from {{ ref('fct_territory_emissions') }} as emissions
    inner join territories
        on {{ same_territory('emissions', 'territories') }}
    where emissions.value is not null
    group by emissions.source, emissions.territory_level
)

select
    sources.source,
    levels.territory_level,
    sources.dataset_id,
    sources.region_code,
    covered.source is not null as has_series,
    covered.first_year,
    covered.last_year,
    coalesce(covered.territories_covered, 0) as territories_covered,
    coalesce(expected.territories_expected, 0) as territories_expected,
    sources.gases,
    sources.scope,
    covered.source is null
    and levels.depth <= finest.depth
    and not (levels.territory_level = 'pays' and sources.is_without_sums) as is_to_load,
    case
        when covered.source is not null then null
        when levels.depth > finest.depth then 'Cette source s''arrête ' || finest.finest_fr || '.'
        when levels.territory_level = 'pays' and sources.is_without_sums
            then 'Cette source ne couvre pas le pays entier.'
        else 'Aucune valeur chargée. À charger : ' || datasets.attribution || '.'
    end as reason
from sources
cross join levels
inner join levels as finest on sources.finest_level = finest.territory_level
inner join {{ ref('dim_dataset') }} as datasets on sources.dataset_id = datasets.dataset_id
left join expected on levels.territory_level = expected.territory_level
left join covered on sources.source = covered.source and levels.territory_level = covered.territory_level
