{#- Grain: departement x year. Verified emissions of the stationary installations, in tCO2e, summed over the
departement that `stg_ec__sites` says: the finest level that is sure. Where an open site has not reported, the
sum is a lower bound: its completeness is the share of what was expected from the last numbers of all sites.
unique: [territory_code, year] -#}
with sites as (
    select
        reported.installation_id,
        reported.year as emission_year,
        reported.verified_emissions as tonnes,
        reported.verified_emissions_status as tonnes_status,
        reported.snapshot_id,
        sites.departement_code as territory_code
    from {{ ref('stg_ec__installation_years') }} as reported
    inner join {{ ref('stg_ec__sites') }} as sites
        on
            reported.snapshot_id = sites.snapshot_id
            and reported.installation_id = sites.installation_id
),

-- "Not Reported" is said of a site that is still there: it is expected to have emitted what its last number
-- says. A site that has closed, is yet to open or is excluded from the system is expected to emit nothing.
expected_sites as (
    select
        *,
        last_value(if(tonnes_status = 'missing', 0, tonnes) ignore nulls) over (
            partition by snapshot_id, installation_id
            order by emission_year
        ) as expected_tonnes
    from sites
),

summed as (
    select
        'verified_emissions' as series,
        territory_code,
        emission_year,
        snapshot_id,
        count(*) as source_rows,
        cast(sum(cast(tonnes as decimal(18, 3))) as double) as tonnes,
        cast(sum(cast(expected_tonnes as decimal(18, 3))) as double) as expected_tonnes,
        list(distinct installation_id order by installation_id) filter (
            where tonnes is not null
        ) as installations
    from expected_sites
    group by territory_code, emission_year, snapshot_id
)

select
    {{ observation_columns(
        "departement", "emission_year", value="tonnes", members="installations",
        completeness="if(expected_tonnes > 0, 100 * coalesce(tonnes, 0) / expected_tonnes, 100)",
        source_rows="source_rows"
    ) }}
from summed
where tonnes is not null or expected_tonnes > 0
