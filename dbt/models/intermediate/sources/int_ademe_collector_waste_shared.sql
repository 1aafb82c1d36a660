{#- Grain: series x EPCI x year. Tonnes of household and similar waste of the authorities that serve the EPCI,
in total, recovered (material and organic) or not. The tonnage of an authority that serves several EPCI is
shared by inhabitants and is an estimate. An EPCI with no answer for a part of its inhabitants has no row;
where one of two authorities of a commune did not answer, its tonnes are missing.
unique: [series, territory_code, year] -#}
with destinations as (
    select
        collector_id,
        year as collected_year,
        snapshot_id,
        tonnage,
        destination in ('valorisation matiere', 'valorisation organique') as is_recovered
    from {{ ref('stg_ademe__collector_waste') }}
),

totals as (
    select
        collector_id,
        collected_year,
        max(snapshot_id) as snapshot_id,
        count(*) as source_rows,
        sum(tonnage) as tonnes,
        coalesce(sum(tonnage) filter (where is_recovered), 0) as recovered_tonnes
    from destinations
    group by collector_id, collected_year
),

served_years as (
    select distinct
        collector_id,
        served_year
    from {{ ref('stg_ademe__collectors') }}
),

-- The list of communes of the year or, failing that, of the nearest one, the older of two.
nearest_years as (
    select
        totals.collector_id,
        totals.collected_year,
        arg_min(
            served_years.served_year,
            2 * abs(served_years.served_year - totals.collected_year)
            + cast(served_years.served_year > totals.collected_year as integer)
        ) as served_year
    from totals
    inner join served_years on totals.collector_id = served_years.collector_id
    group by totals.collector_id, totals.collected_year
),

communes as (
    select
        commune_code,
        max_by(population, cog_year) as population
    from {{ ref('stg_etalab__commune_populations') }}
    group by commune_code
),

epci_lists as (
    select * from {{ ref('stg_etalab__epci_members') }}
),

epci_of_communes as (
    select
        commune_code,
        max_by(epci_code, cog_year) as epci_code
    from epci_lists
    group by commune_code
),

epci_sizes as (
    select
        epci_lists.epci_code,
        sum(communes.population) as population
    from epci_lists
    inner join communes on epci_lists.commune_code = communes.commune_code
    where epci_lists.cog_year = (select max(newest.cog_year) from epci_lists as newest)
    group by epci_lists.epci_code
),

collector_communes as (
    select
        nearest_years.collector_id,
        nearest_years.collected_year,
        epci_of_communes.epci_code,
        communes.commune_code,
        communes.population,
        communes.population
        / sum(communes.population) over (
            partition by nearest_years.collector_id, nearest_years.collected_year
        ) as share
    from nearest_years
    inner join {{ ref('stg_ademe__collectors') }} as collectors
        on
            nearest_years.collector_id = collectors.collector_id
            and nearest_years.served_year = collectors.served_year
    inner join communes on collectors.commune_code = communes.commune_code
    left join epci_of_communes on communes.commune_code = epci_of_communes.commune_code
),

covered as (
    select
        epci_code,
        collected_year,
        sum(population) as population
    from (
        select distinct
            epci_code,
            collected_year,
            commune_code,
            population
        from collector_communes
    ) as communes_once
    group by epci_code, collected_year
),

shares as (
    select
        collector_id,
        collected_year,
        epci_code,
        sum(share) as share
    from collector_communes
    group by collector_id, collected_year, epci_code
),

-- The tonnage of an EPCI is unknown if nobody who answered serves a part of it.
by_epci as (
    select
        shares.epci_code as territory_code,
        shares.collected_year,
        max(totals.snapshot_id) as snapshot_id,
        sum(totals.source_rows) as source_rows,
        cast(sum(cast(totals.tonnes * shares.share as decimal(18, 6))) as double) as tonnage,
        cast(sum(cast(totals.recovered_tonnes * shares.share as decimal(18, 6))) as double) as recovered,
        tonnage - recovered as not_recovered,
        if(
            min(shares.share) > {{ threshold('whole_authority_share') }}, 'observed', 'estimated'
        ) as tonnes_status
    from shares
    inner join totals
        on
            shares.collector_id = totals.collector_id
            and shares.collected_year = totals.collected_year
    inner join covered
        on
            shares.epci_code = covered.epci_code
            and shares.collected_year = covered.collected_year
    inner join epci_sizes on shares.epci_code = epci_sizes.epci_code
    group by shares.epci_code, shares.collected_year
    having
        any_value(covered.population)
        >= {{ threshold('answered_share') }} * any_value(epci_sizes.population)
),

figures as (
    select
        territory_code,
        collected_year,
        snapshot_id,
        source_rows,
        tonnes_status,
        series,
        figure
    from by_epci
    unpivot (figure for series in (tonnage, recovered, not_recovered))
)

select
    {{ observation_columns(
        "epci", "collected_year", value="figure", status="tonnes_status", source_rows="source_rows"
    ) }}
from figures
