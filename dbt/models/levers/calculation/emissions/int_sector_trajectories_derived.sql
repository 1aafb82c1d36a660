{#- TeT takes the territory's own objective; none is loaded, so the national path replaces it. An inventory
within `inventory_years_apart` years of the base replaces a missing one, and `result_year` says which. -#}
with sectors as (
    select
        sectors.trajectory_sector,
        sectors.sector,
        national_start.value as national_start,
        national_target.value as national_target
    from {{ ref('trajectory_sectors') }} as sectors
    inner join {{ ref('national_sector_targets') }} as national_start
        on
            sectors.national_sector_id = national_start.sector_id
            and national_start.year = {{ threshold('path_start_year') }}
            and national_start.kind = 'observed'
    inner join {{ ref('national_sector_targets') }} as national_target
        on
            sectors.national_sector_id = national_target.sector_id
            and national_target.year = {{ threshold('path_end_year') }}
            and national_target.kind = 'target'
),

sourced as (
    select
        emissions.territory_code,
        emissions.sector,
        emissions.source,
        emissions.year as result_year,
        cast(sum(cast(emissions.value as decimal(38, 9))) as double) * max(conversions.factor) as result,
        max(emissions.note) as note
    from {{ ref('fct_territory_emissions') }} as emissions
    inner join {{ ref('conversions') }} as conversions
        on emissions.unit = conversions.from_unit and conversions.to_unit = 'ktCO2e'
    where
        emissions.territory_level = 'epci'
        and abs(emissions.year - {{ threshold('path_start_year') }})
        <= {{ threshold('inventory_years_apart') }}
        and emissions.in_total
        and emissions.value is not null
        and not emissions.is_incomplete_year
        and not emissions.is_anomalous
    group by emissions.territory_code, emissions.sector, emissions.source, emissions.year
),

-- TeT prefers CITEPA, then RARE, then the territory's own inventory: the order of their names.
emissions as (
    select
        territory_code,
        sector,
        result_year,
        result,
        note
    from sourced
    qualify row_number() over (
        partition by territory_code, sector
        order by abs(result_year - {{ threshold('path_start_year') }}), result_year, source
    ) = 1
),

-- An inventory is about a whole EPCI: an EPCI across a border follows its main region.
epci as (
    select
        epci.territory_code as epci_code,
        epci.region_code
    from {{ ref('int_territories_unioned') }} as epci
    inner join {{ ref('int_territories_unioned') }} as regions
        on
            epci.region_code = regions.territory_code
            and regions.territory_level = 'region'
            and regions.is_in_scope
    where epci.territory_level = 'epci'
)

select
    lever_shares.lever_id,
    epci.region_code,
    epci.epci_code,
    sectors.sector,
    emissions.result_year,
    emissions.result,
    emissions.result * sectors.national_target / sectors.national_start as objective_2030,
    lever_shares.share_pct,
    emissions.note
from {{ ref('tet_lever_shares') }} as lever_shares
inner join sectors
    on coalesce(lever_shares.subsector_indicator, lever_shares.sector_indicator) = sectors.trajectory_sector
inner join epci on lever_shares.region_code = epci.region_code
inner join emissions
    on
        epci.epci_code = emissions.territory_code
        and sectors.sector = emissions.sector
