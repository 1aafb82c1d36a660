{#- Grain: declaration of a site (pollutant, waste or origin of the water) x year, at the commune of the site.
Fossil CO2 and methane of landfills in the unit of the declaration, waste in tonnes, water in m3. A quantity
below the threshold of declaration has no value and says so: it is not zero. A site whose commune no file
names is set aside later.
not_null: series -#}
with establishments as (
    select
        snapshot_id,
        site_id,
        commune_code,
        regexp_replace(lower(eprtr_code), '[^0-9a-z]', '', 'g') as eprtr_activity
    from {{ source('raw_dgpr', 'irep__establishments') }}
),

emissions as (
    select
        snapshot_id,
        site_id,
        commune_code,
        year as release_year,
        pollutant,
        quantity,
        quantity_status,
        unit
    from {{ source('raw_dgpr', 'irep__emissions') }}
    where medium = 'Air'
),

treated as (
    select
        snapshot_id,
        site_id,
        year as treated_year,
        quantity,
        quantity_status,
        regexp_full_match(operation_code, 'D\s*0?[15]') as is_landfilled
    from {{ source('raw_dgpr', 'irep__treated_waste') }}
),

withdrawals as (
    select
        snapshot_id,
        site_id,
        year as taken_year,
        groundwater,
        groundwater_status,
        surface_water,
        surface_water_status
    from {{ source('raw_dgpr', 'irep__withdrawals') }}
),

-- A landfill gives off methane for decades after the last waste: any year that tells it is enough.
landfills as (
    select site_id from treated
    where is_landfilled
    union
    select site_id from establishments
    where eprtr_activity = '5d'
),

site_years_named as (
    select
        snapshot_id,
        site_id,
        commune_code
    from establishments
    union all
    select
        snapshot_id,
        site_id,
        commune_code
    from emissions
),

file_years as (
    select
        snapshot_id,
        max(release_year) as file_year
    from emissions
    group by snapshot_id
),

site_communes as (
    select
        site_years_named.snapshot_id,
        site_years_named.site_id,
        max(site_years_named.commune_code) as commune_code
    from site_years_named
    where site_years_named.commune_code is not null
    group by site_years_named.snapshot_id, site_years_named.site_id
),

-- Older files name no commune: a site is where the newest file that names one puts it.
newest_communes as (
    select
        site_communes.site_id,
        max_by(site_communes.commune_code, file_years.file_year) as commune_code
    from site_communes
    inner join file_years on site_communes.snapshot_id = file_years.snapshot_id
    group by site_communes.site_id
),

declared as (
    -- Three labels of CO2: of fossil origin, of biomass, and their total.
    select
        '(CO2) origine non biomasse/' || unit as series,
        snapshot_id,
        site_id,
        release_year as declared_year,
        quantity as amount,
        quantity_status as amount_status
    from emissions
    where contains(pollutant, '(CO2)') and contains(pollutant, 'origine non biomasse')

    union all

    select
        '(CH4) landfill/' || emissions.unit as series,
        emissions.snapshot_id,
        emissions.site_id,
        emissions.release_year as declared_year,
        emissions.quantity as amount,
        emissions.quantity_status as amount_status
    from emissions
    semi join landfills on emissions.site_id = landfills.site_id
    where contains(emissions.pollutant, '(CH4)')

    union all

    select
        'hazardous_waste/quantity' as series,
        snapshot_id,
        site_id,
        year as declared_year,
        quantity as amount,
        quantity_status as amount_status
    from {{ source('raw_dgpr', 'irep__hazardous_waste') }}

    union all

    select
        'non_hazardous_waste/quantity' as series,
        snapshot_id,
        site_id,
        year as declared_year,
        quantity as amount,
        quantity_status as amount_status
    from {{ source('raw_dgpr', 'irep__non_hazardous_waste') }}

    union all

    select
        'treated_waste/landfilled' as series,
        snapshot_id,
        site_id,
        treated_year as declared_year,
        quantity as amount,
        quantity_status as amount_status
    from treated
    where is_landfilled

    union all

    -- Water of the network was taken by its supplier, and sea water is not fresh.
    select
        'groundwater' as series,
        snapshot_id,
        site_id,
        taken_year as declared_year,
        groundwater as amount,
        groundwater_status as amount_status
    from withdrawals
    where groundwater_status != 'missing'

    union all

    select
        'surface_water' as series,
        snapshot_id,
        site_id,
        taken_year as declared_year,
        surface_water as amount,
        surface_water_status as amount_status
    from withdrawals
    where surface_water_status != 'missing'
),

located as (
    select
        declared.series,
        declared.snapshot_id,
        declared.declared_year,
        declared.amount,
        declared.amount_status,
        coalesce(site_communes.commune_code, newest_communes.commune_code, 'unknown') as site_commune
    from declared
    left join site_communes
        on
            declared.snapshot_id = site_communes.snapshot_id
            and declared.site_id = site_communes.site_id
    left join newest_communes on declared.site_id = newest_communes.site_id
),

folded as (
    select
        series,
        snapshot_id,
        declared_year,
        amount,
        amount_status,
        {{ whole_commune('site_commune') }} as territory_code
    from located
)

select
    {{ observation_columns("commune", "declared_year", value="amount", status="amount_status") }}
from folded
