{#- Grain: measure x renewable technology (all of them together, for the power) x commune x status x edition,
of each year the newest edition. kW installed, sites, and kWh injected in the twelve months before the
edition, of installations in service; those whose energy is not told are rows of their own, so that a commune
tells how many it lacks. An edition that is not of 31 December is provisional. Installations without a
commune, or of a technology that measures no lever, are set aside.
unique: [series, territory_code, year, value_status] -#}
with in_service as (
    select
        coalesce({{ whole_commune('commune_code') }}, 'unknown') as territory_code,
        technology_family_code,
        reference_date as edition_date,
        snapshot_id,
        installed_power,
        cast(installations as double) as installations,
        injected_energy,
        injected_energy_status
    from {{ ref('stg_odre__registry_installations') }}
    -- what is in service in the newest edition of each year
    qualify
        reference_date = max(reference_date) over (partition by year(reference_date))
        and coalesce(regime, 'En service') = 'En service'
        and disconnected_on is null
),

measures as (
    select
        territory_code,
        -- each technology, and the power of all of them together
        unnest(
            if(measure = 'installed_power', [technology_family_code, 'renewable'], [technology_family_code])
        ) as technology,
        edition_date,
        snapshot_id,
        injected_energy_status,
        measure,
        amount
    from in_service
    unpivot include nulls (amount for measure in (installed_power, installations, injected_energy))
    -- the other families of the register bear on no lever; a check of the dataset tells if one of these
    -- is missing
    where technology_family_code in ('SOLAI', 'EOLIE', 'HYDLQ', 'BIOEN')
),

summed as (
    select
        technology || '/' || measure as series,
        territory_code,
        edition_date,
        snapshot_id,
        case
            when measure = 'injected_energy' then injected_energy_status
            when amount is null then 'missing'
            else 'observed'
        end as amount_status,
        count(*) as source_rows,
        cast(sum(cast(amount as decimal(28, 3))) as double) as total
    from measures
    group by measure, technology, territory_code, edition_date, snapshot_id, amount_status
)

select
    {{ observation_columns(
        "commune", "year(edition_date)", "edition_date",
        value="total", status="amount_status", is_provisional="strftime(edition_date, '%m-%d') <> '12-31'",
        source_rows="source_rows"
    ) }}
from summed
