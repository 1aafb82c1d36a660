-- A site of the quota scheme that has a number no longer: nobody says whether it has closed or left.
with sites_followed as (
    select
        reported.year,
        reported.verified_emissions as tonnes,
        lead(reported.verified_emissions) over each_site as next_tonnes,
        lead(reported.verified_emissions_status) over each_site as next_status,
        sites.departement_code
    from {{ ref('stg_ec__installation_years') }} as reported
    inner join {{ ref('stg_ec__sites') }} as sites
        on
            reported.snapshot_id = sites.snapshot_id
            and reported.installation_id = sites.installation_id
    where reported.snapshot_id = (select max(newest.snapshot_id) from {{ ref('stg_ec__sites') }} as newest)
    window each_site as (partition by reported.installation_id order by reported.year)
),

sites_gone as (
    select
        territories.territory_level,
        territories.territory_code,
        sites_followed.year + 1 as break_year,
        sum(sites_followed.tonnes) as tonnes,
        sum(sites_followed.next_tonnes) as next_tonnes,
        coalesce(sum(sites_followed.tonnes) filter (where sites_followed.next_status = 'missing'), 0)
            as tonnes_gone
    from sites_followed
    inner join {{ ref('int_territories_unioned') }} as departements
        on
            sites_followed.departement_code = departements.territory_code
            and departements.territory_level = 'departement'
    inner join {{ ref('int_territories_unioned') }} as territories
        on
            (territories.territory_level, territories.territory_code)
            in (('departement', sites_followed.departement_code), ('region', departements.region_code))
    group by territories.territory_level, territories.territory_code, sites_followed.year
),

-- The demo has no rows of operators: the breaks of its figures ship with them.
detected as (
    select
        'eu_ets_verified_emissions' as indicator_id,
        territory_level,
        territory_code,
        cast(break_year as integer) as break_year,
        'Des sites n''ont plus de chiffre au registre des quotas, fermés ou sortis du système : '
        || cast(round(100 * tonnes_gone / tonnes) as integer) || ' % de la valeur d''avant.' as reason_fr,
        round(100 * tonnes_gone / least(tonnes, next_tonnes), 1) as broken_pct
    from sites_gone
    where tonnes > 0 and next_tonnes > 0 and tonnes_gone >= {{ threshold('sites_gone_share') }} * tonnes
    union all
    select
        series.indicator_id,
        breaks.territory_level,
        breaks.territory_code,
        cast(breaks.break_year as integer) as break_year,
        breaks.reason_fr,
        breaks.broken_pct
    from {{ ref('int_ore_breaks_detected') }} as breaks
    inner join {{ ref('series') }} as series
        on
            series.source_model = 'int_ore_sectors_weighed'
            and breaks.series = series.series
)

select * from detected
union all
select
    shipped.indicator_id,
    shipped.territory_level,
    shipped.territory_code,
    shipped.break_year,
    shipped.reason_fr,
    shipped.broken_pct
from {{ ref('bundled_territory_breaks') }} as shipped
semi join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('shipped', 'territories') }}
anti join detected
    on
        shipped.indicator_id = detected.indicator_id
        and {{ same_territory('shipped', 'detected') }}
        and shipped.break_year = detected.break_year
