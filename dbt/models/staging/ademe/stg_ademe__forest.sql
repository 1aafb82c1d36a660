{#- Grain: series x EPCI. Forest area, wood harvested in a year, and what forests (poplars included) and wood
products take up in a year: positive is a sink. Regional averages per hectare applied to the area of the EPCI.
unique: [series, territory_code, year] -#}
-- ALDO repeats the rows of an EPCI, to the last digit, for each departement or region that it touches.
with areas as (
    select
        epci_code,
        total as forest_area,
        reference_date as inventory_date,
        snapshot_id,
        count(*) as source_rows
    from {{ source('raw_ademe', 'ademe_aldo_epci__forest_area') }}
    group by all
),

-- An EPCI has two different rows for each kind of tree: the right one is unknown, and so is its balance.
stands as (
    select
        epci_code,
        composition,
        reference_date as inventory_date,
        snapshot_id,
        if(count(distinct co2_balance) = 1, any_value(co2_balance), null) as co2_balance,
        count(*) as source_rows
    from {{ source('raw_ademe', 'ademe_aldo_epci__forest_biomass') }}
    where composition != 'total'
    group by epci_code, composition, reference_date, snapshot_id

    union all

    select
        epci_code,
        'poplars' as composition,
        reference_date as inventory_date,
        snapshot_id,
        co2_balance,
        count(*) as source_rows
    from {{ source('raw_ademe', 'ademe_aldo_epci__poplar_biomass') }}
    group by all
),

wood as (
    select
        epci_code,
        composition,
        harvest,
        co2_balance,
        reference_date as inventory_date,
        snapshot_id,
        count(*) as source_rows
    from {{ source('raw_ademe', 'ademe_aldo_epci__wood_products') }}
    group by all
),

figures as (
    select
        'forest_area/total' as series,
        epci_code,
        inventory_date,
        snapshot_id,
        source_rows,
        forest_area as figure
    from areas

    union all

    select
        'wood_products/harvest' as series,
        epci_code,
        inventory_date,
        snapshot_id,
        sum(source_rows) as source_rows,
        {{ sum_if_complete('harvest') }} as figure
    from wood
    group by epci_code, inventory_date, snapshot_id

    union all

    select
        'wood_products/sink' as series,
        epci_code,
        inventory_date,
        snapshot_id,
        sum(source_rows) as source_rows,
        -{{ sum_if_complete('co2_balance') }} as figure
    from wood
    group by epci_code, inventory_date, snapshot_id

    union all

    select
        'biomass/sink' as series,
        epci_code,
        inventory_date,
        max(snapshot_id) as snapshot_id,
        sum(source_rows) as source_rows,
        -{{ sum_if_complete('co2_balance') }} as figure
    from stands
    group by epci_code, inventory_date
),

named as (
    select
        series,
        epci_code as territory_code,
        inventory_date,
        snapshot_id,
        source_rows,
        figure
    from figures
    -- totals are named FRANCE or France
    where regexp_full_match(epci_code, '\d+')
)

select
    {{ observation_columns(
        "epci", "year(inventory_date)", "inventory_date",
        value="figure", status="'estimated'", is_provisional="true",
        source_rows="source_rows"
    ) }}
from named
