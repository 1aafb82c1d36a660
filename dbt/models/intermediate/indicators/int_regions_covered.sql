with communes as (
    select
        commune_code,
        epci_code,
        departement_code,
        region_code
    from {{ ref('int_communes_dated') }}
    where cog_year = {{ var('cog_year') }}
),

commune_codes as (
    select * from {{ ref('int_commune_codes_mapped') }}
    where to_year = {{ var('cog_year') }}
),

named as (
    select distinct
        datasets.dataset_id,
        observations.territory_level,
        coalesce(commune_codes.to_code, observations.territory_code) as territory_code,
        observations.year
    from {{ ref('int_observations_unioned') }} as observations
    inner join {{ ref('stg_leviers__datasets') }} as datasets
        on
            {{ dataset_of('observations.snapshot_id') }} = datasets.dataset_id
            and datasets.absent_means = 'zero'
            and datasets.republish
    inner join {{ ref('indicators') }} as indicators
        on
            observations.indicator_id = indicators.indicator_id
            and observations.territory_level = indicators.rollup_from
    left join {{ ref('int_commune_vintages_detected') }} as vintages
        on
            observations.territory_level = 'commune'
            and observations.snapshot_id = vintages.snapshot_id
    left join commune_codes
        on
            vintages.cog_year = commune_codes.from_year
            and observations.territory_code = commune_codes.from_code
    -- dropped values and codes of no vintage do not count
    anti join {{ ref('value_corrections') }} as corrections
        on
            {{ is_corrected_by('observations', 'corrections') }}
            and corrections.kind = 'drop'
    where observations.territory_level <> 'commune' or commune_codes.from_code is not null
),

expected as (
    select
        'commune' as territory_level,
        commune_code as territory_code,
        departement_code,
        region_code,
        count(distinct departement_code) over (partition by region_code) as departement_count
    from communes
    union all
    select
        'departement' as territory_level,
        departement_code as territory_code,
        departement_code,
        region_code,
        count(*) over (partition by region_code) as departement_count
    from communes
    group by departement_code, region_code
),

-- A file covers a region if it names at least half of its departements: a stray row makes no zeros.
covered_regions as (
    select
        named.dataset_id,
        named.territory_level,
        named.year,
        expected.region_code
    from named
    inner join expected
        on {{ same_territory('named', 'expected') }}
    group by named.dataset_id, named.territory_level, named.year, expected.region_code
    having 2 * count(distinct expected.departement_code) >= any_value(expected.departement_count)
),

named_communes as (
    select
        dataset_id,
        year,
        territory_code as commune_code
    from named
    where territory_level = 'commune'
),

named_of_epci as (
    select
        covered_regions.dataset_id,
        covered_regions.year,
        communes.epci_code,
        count(named_communes.commune_code) as communes_named,
        2 * sum(count(named_communes.commune_code)) over each_file
        >= sum(count(*)) over each_file as names_most
    from covered_regions
    inner join communes on covered_regions.region_code = communes.region_code
    left join named_communes
        on
            covered_regions.dataset_id = named_communes.dataset_id
            and covered_regions.year = named_communes.year
            and communes.commune_code = named_communes.commune_code
    where covered_regions.territory_level = 'commune'
    group by covered_regions.dataset_id, covered_regions.year, communes.epci_code
    window each_file as (partition by covered_regions.dataset_id, covered_regions.year)
),

-- If a file names most communes, an EPCI without a named commune is missing from it, not zero.
lost as (
    select
        named_of_epci.dataset_id,
        named_of_epci.year,
        communes.region_code,
        list(communes.commune_code order by communes.commune_code) as communes
    from named_of_epci
    inner join communes on named_of_epci.epci_code = communes.epci_code
    where named_of_epci.names_most and named_of_epci.communes_named = 0
    group by named_of_epci.dataset_id, named_of_epci.year, communes.region_code
)

select
    covered_regions.dataset_id,
    covered_regions.territory_level,
    covered_regions.year,
    covered_regions.region_code,
    lost.communes as lost_communes
from covered_regions
left join lost
    on
        covered_regions.territory_level = 'commune'
        and covered_regions.dataset_id = lost.dataset_id
        and covered_regions.year = lost.year
        and covered_regions.region_code = lost.region_code
