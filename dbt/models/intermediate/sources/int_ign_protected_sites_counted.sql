{#- Grain: series x year, for the country. Protected sites of each kind that stand today, by 31 December of
the years since 2010 at which they stood already, and the official area of the kinds whose sites cannot
overlap; unknown where a site tells none. A site that tells no date is not counted. Kinds overlap each other
and are never added up.
unique: [series, year] -#}
with sites as (
    select
        kind,
        site_code,
        year(min(created_on)) as created_year,
        max(official_area) as official_area,
        max(snapshot_id) as snapshot_id,
        count(*) as source_rows
    from {{ ref('stg_ign__protected_areas') }}
    group by kind, site_code
),

years as (
    select
        unnest(
            range({{ threshold('protected_sites_from_year') }}, (select max(created_year) + 1 from sites))
        ) as counted_year
),

counted as (
    select
        sites.kind,
        years.counted_year,
        count(*) as site_count,
        {{ sum_if_complete('sites.official_area') }} as official_area,
        max(sites.snapshot_id) as snapshot_id,
        sum(sites.source_rows) as source_rows
    from years
    inner join sites on years.counted_year >= sites.created_year
    group by sites.kind, years.counted_year
),

-- Reserves cannot lie on one another, nor can parks: only the areas of such a kind add up.
figures as (
    select
        kind || '/sites' as series,
        counted_year,
        cast(site_count as double) as figure,
        snapshot_id,
        source_rows
    from counted

    union all

    select
        kind || '/official_area' as series,
        counted_year,
        official_area as figure,
        snapshot_id,
        source_rows
    from counted
    where kind in ('national_nature_reserve', 'regional_nature_reserve', 'regional_park')
),

-- The register is read at some moment of its newest year, which is not over.
placed as (
    select
        *,
        'FR' as territory_code,
        counted_year = max(counted_year) over () as is_newest
    from figures
)

select
    {{ observation_columns(
        "pays", "counted_year", "make_date(counted_year, 12, 31)", value="figure",
        is_provisional="is_newest", source_rows="source_rows"
    ) }}
from placed
