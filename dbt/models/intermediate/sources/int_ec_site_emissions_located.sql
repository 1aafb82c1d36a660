{#- Grain: commune x year, the newest three. Verified emissions of the stationary installations, in tCO2e, at
the commune that the town of the site is or, failing that, its postal code, in the departement that
`stg_ec__sites` says. Where no commune is sure the code is that of the departement: the rows are set aside,
and remain its own when a target is shared.
unique: [territory_code, year] -#}
with sites_read as (
    select
        snapshot_id,
        installation_id,
        departement_code,
        left(coalesce(likely_postal_code, postal_code), 5) as postal_code,
        {{ comparable_name("regexp_replace(city, '(?i) *\\bcedex\\b.*', '')") }} as city_name,
        coalesce(disagreement, 'code_mistyped') = 'code_mistyped' as is_sure
    from {{ ref('stg_ec__sites') }}
),

-- Names of communes, former ones too; a former commune is the one that it was merged into.
commune_names as (
    select
        {{ commune_departement('code') }} as departement_code,
        {{ comparable_name('name') }} as commune_name,
        coalesce(parent_code, code) as commune_code,
        coalesce(postal_codes, []) as postal_codes
    from {{ ref('stg_etalab__communes') }}
    qualify row_number() over (
        partition by {{ commune_departement('code') }}, {{ comparable_name('name') }}
        order by cog_year desc, code_type = 'commune' desc, code asc
    ) = 1
),

-- The town of that name, else one whose name holds it at that postal code, else the only one at that code.
candidates as (
    select
        sites_read.snapshot_id,
        sites_read.installation_id,
        commune_names.commune_code,
        case
            when commune_names.commune_name = sites_read.city_name then 1
            when contains(commune_names.commune_name, sites_read.city_name) then 2
            when contains(sites_read.city_name, commune_names.commune_name) then 2
            else 3
        end as rank
    from sites_read
    inner join commune_names on sites_read.departement_code = commune_names.departement_code
    where
        sites_read.is_sure
        and (
            commune_names.commune_name = sites_read.city_name
            or list_contains(commune_names.postal_codes, sites_read.postal_code)
        )
),

located as (
    select
        snapshot_id,
        installation_id,
        min(commune_code) as commune_code
    from candidates
    group by snapshot_id, installation_id, rank
    having count(distinct commune_code) = 1
    qualify row_number() over (partition by snapshot_id, installation_id order by rank) = 1
),

-- The code of a departement in place of a commune's: a site that is somewhere in it.
sites as (
    select
        sites_read.snapshot_id,
        sites_read.installation_id,
        coalesce({{ whole_commune('located.commune_code') }}, sites_read.departement_code) as territory_code
    from sites_read
    left join located
        on
            sites_read.snapshot_id = located.snapshot_id
            and sites_read.installation_id = located.installation_id
),

summed as (
    select
        'site_emissions' as series,
        sites.territory_code,
        reported.year as emission_year,
        reported.snapshot_id,
        count(*) as source_rows,
        cast(sum(cast(reported.verified_emissions as decimal(18, 3))) as double) as tonnes,
        list(distinct reported.installation_id order by reported.installation_id) as installations
    from {{ ref('stg_ec__installation_years') }} as reported
    inner join sites
        on
            reported.snapshot_id = sites.snapshot_id
            and reported.installation_id = sites.installation_id
    where reported.verified_emissions is not null
    group by sites.territory_code, reported.year, reported.snapshot_id
    qualify
        emission_year
        > max(emission_year) over (partition by reported.snapshot_id) - {{ threshold('site_years') }}
)

select
    {{ observation_columns(
        "commune", "emission_year", value="tonnes", members="installations", source_rows="source_rows"
    ) }}
from summed
