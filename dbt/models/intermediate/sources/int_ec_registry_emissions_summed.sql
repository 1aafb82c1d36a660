{#- Grain: departement x year. Verified emissions of the stationary installations of the French registry, in
tCO2e, of the daily extracts, summed over the departement that `stg_ec__sites` says. The same emissions as
those of `int_ec_ets_emissions_summed`, in newer years too: the two are never added. A year that less than half as
many sites have reported as an earlier one is not there: the registry fills years to come with zeros.
unique: [series, territory_code, year] -#}
with operators as (
    select
        installation_id,
        max(departement_code) as territory_code
    from {{ ref('stg_ec__sites') }}
    where dataset_id = 'eu_ets_registry'
    group by installation_id
),

activities as (
    select
        activity.installation_id,
        operators.territory_code,
        activity.year as emission_year,
        activity.snapshot_id,
        count(*) as source_rows,
        -- a row may come twice
        max(activity.verified_emissions) as tonnes
    from {{ ref('stg_ec__registry_years') }} as activity
    inner join operators
        on
            activity.installation_id = operators.installation_id
    group by activity.installation_id, operators.territory_code, activity.year, activity.snapshot_id
),

-- The registry writes zeros for every year until 2030: a year that few sites have reported is not over.
reported_years as (
    select
        snapshot_id,
        emission_year,
        count(*) filter (where tonnes > 0) as reporting_sites
    from activities
    group by snapshot_id, emission_year
    qualify
        reporting_sites > 0
        and 2 * reporting_sites >= max(reporting_sites) over (
            partition by snapshot_id
            order by emission_year
        )
),

summed as (
    select
        'verified_emissions' as series,
        activities.territory_code,
        activities.emission_year,
        activities.snapshot_id,
        sum(activities.source_rows) as source_rows,
        cast(sum(cast(activities.tonnes as decimal(18, 3))) as double) as tonnes,
        list(activities.installation_id order by activities.installation_id) filter (
            where activities.tonnes > 0
        ) as installations
    from activities
    semi join reported_years
        on
            activities.snapshot_id = reported_years.snapshot_id
            and activities.emission_year = reported_years.emission_year
    group by activities.territory_code, activities.emission_year, activities.snapshot_id
)

select
    {{ observation_columns(
        "departement", "emission_year", value="tonnes", members="installations", source_rows="source_rows"
    ) }}
from summed
where tonnes is not null
