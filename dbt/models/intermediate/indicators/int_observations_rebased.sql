with observations as (
    select
        indicator_id,
        territory_level,
        territory_code,
        cog_year,
        year,
        reference_date,
        value,
        value_status,
        completeness_pct,
        masked_count,
        is_provisional,
        dataset_id,
        snapshot_id
    from {{ ref('int_observations_dated') }}
    where rejection_reason is null
),

commune_codes as (
    select
        from_year,
        from_code,
        to_code,
        weight
    from {{ ref('int_commune_codes_mapped') }}
    where to_year = {{ var('cog_year') }}
),

communes as (
    select
        commune_code,
        epci_code,
        departement_code,
        region_code
    from {{ ref('int_communes_dated') }}
    where cog_year = {{ var('cog_year') }}
),

-- A mean is taken in one order: in another, its last digit is another.
rebased as (
    select
        observations.indicator_id,
        'commune' as territory_level,
        commune_codes.to_code as territory_code,
        observations.year,
        max(observations.reference_date) as reference_date,
        {{ weighted_sum('observations.value', 'commune_codes.weight') }} as value,
        if(
            count(*) = 1 and max(commune_codes.weight) = 1,
            any_value(observations.value_status),
            {{ weakest_status(
                "observations.value", "observations.value_status", "commune_codes.weight < 1"
            ) }}
        ) as value_status,
        avg(observations.completeness_pct order by observations.completeness_pct) as completeness_pct,
        cast(sum(observations.masked_count) as bigint) as masked_count,
        bool_or(observations.is_provisional) as is_provisional,
        max(observations.dataset_id) as dataset_id,
        max(observations.snapshot_id) as snapshot_id
    from observations
    inner join commune_codes
        on
            observations.cog_year = commune_codes.from_year
            and observations.territory_code = commune_codes.from_code
    where observations.territory_level = 'commune'
    group by observations.indicator_id, commune_codes.to_code, observations.year
),

published as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        max(reference_date) as reference_date,
        if(count(*) = 1, any_value(value), {{ weighted_sum('value', '1') }}) as value,
        case
            when count(*) = 1 then any_value(value_status)
            else ({{ weakest_status('value', 'value_status', 'false') }})
        end as value_status,
        avg(completeness_pct order by completeness_pct) as completeness_pct,
        cast(sum(masked_count) as bigint) as masked_count,
        bool_or(is_provisional) as is_provisional,
        max(dataset_id) as dataset_id,
        max(snapshot_id) as snapshot_id
    from observations
    where territory_level <> 'commune'
    group by indicator_id, territory_level, territory_code, year
),

-- Where an absent row means zero, it does so in the regions that the file covers: those of which it names
-- at least half of the departements. A stray row outside its region makes no zeros.
zero_filled as (
    select
        observations.indicator_id,
        observations.territory_level,
        coalesce(commune_codes.to_code, observations.territory_code) as territory_code,
        observations.year,
        observations.reference_date,
        observations.is_provisional,
        observations.dataset_id,
        observations.snapshot_id
    from observations
    inner join {{ ref('stg_leviers__datasets') }} as datasets
        on
            observations.dataset_id = datasets.dataset_id
            and datasets.absent_means = 'zero'
    inner join {{ ref('indicators') }} as indicators
        on
            observations.indicator_id = indicators.indicator_id
            and observations.territory_level = indicators.rollup_from
    left join commune_codes
        on
            observations.cog_year = commune_codes.from_year
            and observations.territory_code = commune_codes.from_code
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

covered_regions as (
    select
        zero_filled.dataset_id,
        zero_filled.territory_level,
        zero_filled.year,
        expected.region_code
    from zero_filled
    inner join expected
        on
            zero_filled.territory_level = expected.territory_level
            and zero_filled.territory_code = expected.territory_code
    group by zero_filled.dataset_id, zero_filled.territory_level, zero_filled.year, expected.region_code
    having 2 * count(distinct expected.departement_code) >= any_value(expected.departement_count)
),

named_communes as (
    select distinct
        dataset_id,
        year,
        territory_code as commune_code
    from zero_filled
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

-- Of a file that names most communes, an EPCI of which it names none is one that it has lost.
lost_communes as (
    select
        named_of_epci.dataset_id,
        named_of_epci.year,
        communes.commune_code
    from named_of_epci
    inner join communes on named_of_epci.epci_code = communes.epci_code
    where named_of_epci.names_most and named_of_epci.communes_named = 0
),

series as (
    select
        indicator_id,
        territory_level,
        year,
        dataset_id,
        max(reference_date) as reference_date,
        bool_or(is_provisional) as is_provisional,
        max(snapshot_id) as snapshot_id
    from zero_filled
    group by indicator_id, territory_level, year, dataset_id
),

absent as (
    select
        series.indicator_id,
        expected.territory_level,
        expected.territory_code,
        series.year,
        series.reference_date,
        0 as value,
        'observed' as value_status,
        100 as completeness_pct,
        0 as masked_count,
        series.is_provisional,
        series.dataset_id,
        series.snapshot_id
    from series
    inner join covered_regions
        on
            series.dataset_id = covered_regions.dataset_id
            and series.territory_level = covered_regions.territory_level
            and series.year = covered_regions.year
    inner join expected
        on
            series.territory_level = expected.territory_level
            and covered_regions.region_code = expected.region_code
    anti join zero_filled
        on
            series.indicator_id = zero_filled.indicator_id
            and expected.territory_level = zero_filled.territory_level
            and expected.territory_code = zero_filled.territory_code
            and series.year = zero_filled.year
    anti join lost_communes
        on
            expected.territory_level = 'commune'
            and series.dataset_id = lost_communes.dataset_id
            and series.year = lost_communes.year
            and expected.territory_code = lost_communes.commune_code
)

select * from rebased
union all
select * from published
union all
select * from absent
