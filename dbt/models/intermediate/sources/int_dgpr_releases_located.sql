{#- Grain: declaration of a site (pollutant, waste or origin of the water) x year, at the commune of the site.
Fossil CO2 and methane of landfills in the unit of the declaration, waste in tonnes, water in m3. A quantity
below the threshold of declaration has no value and says so: it is not zero. A site whose commune no file
names is set aside later. -#}
{% set landfilled = "regexp_full_match(subject, 'D\\s*0?[15]')" %}

with releases as (
    select
        declaration,
        subject,
        snapshot_id,
        site_id,
        commune_code,
        year as declared_year,
        quantity as amount,
        quantity_status as amount_status,
        unit
    from {{ ref('stg_dgpr__industrial_releases') }}
),

establishments as (
    select * from {{ ref('stg_dgpr__establishments') }}
),

-- A landfill gives off methane for decades after the last waste: any year that tells it is enough.
landfills as (
    select site_id from releases
    where declaration = 'treated_waste' and {{ landfilled }}
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
    from releases
),

file_years as (
    select
        snapshot_id,
        max(declared_year) as file_year
    from releases
    where declaration = 'emissions'
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
    select
        case
            -- Three labels of CO2: of fossil origin, of biomass, and their total.
            when
                declaration = 'emissions'
                and contains(subject, '(CO2)')
                and contains(subject, 'origine non biomasse')
                then '(CO2) origine non biomasse/' || coalesce(unit, '')
            when
                declaration = 'emissions'
                and contains(subject, '(CH4)')
                and site_id in (select landfills.site_id from landfills)
                then '(CH4) landfill/' || coalesce(unit, '')
            when declaration in ('hazardous_waste', 'non_hazardous_waste') then declaration || '/quantity'
            when declaration = 'treated_waste' and {{ landfilled }} then 'treated_waste/landfilled'
            -- Water of the network was taken by its supplier, and sea water is not fresh.
            when declaration = 'withdrawals' then subject
        end as series,
        snapshot_id,
        site_id,
        declared_year,
        amount,
        amount_status
    from releases
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
    where declared.series is not null
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
