-- ALDO repeats the rows of an EPCI, to the last digit, for each departement or region that it touches.
with

areas as (

    select distinct
        epci_code,
        total as forest_area,
        reference_date as inventory_date,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_aldo_epci__forest_area') }}

),

-- One EPCI has two different rows for each kind of tree: which one holds is unknown, and so is its balance.
stands as (

    select
        epci_code,
        composition,
        reference_date as inventory_date,
        snapshot_id,
        if(count(distinct co2_balance) = 1, any_value(co2_balance), null) as co2_balance
    from {{ source('raw_ademe', 'ademe_aldo_epci__forest_biomass') }}
    where composition != 'total'
    group by epci_code, composition, reference_date, snapshot_id

    union all

    select distinct
        epci_code,
        'poplars' as composition,
        reference_date as inventory_date,
        snapshot_id,
        co2_balance
    from {{ source('raw_ademe', 'ademe_aldo_epci__poplar_biomass') }}

),

wood as (

    select distinct
        epci_code,
        composition,
        harvest,
        co2_balance,
        reference_date as inventory_date,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_aldo_epci__wood_products') }}

),

figures as (

    select
        'aldo_forest_area' as indicator_id,
        'ha' as unit,
        epci_code,
        inventory_date,
        snapshot_id,
        forest_area as figure
    from areas

    union all

    select
        'aldo_wood_harvest' as indicator_id,
        'm3' as unit,
        epci_code,
        inventory_date,
        snapshot_id,
        {{ sum_if_complete('harvest') }} as figure
    from wood
    group by epci_code, inventory_date, snapshot_id

    union all

    select
        'aldo_wood_products_sink' as indicator_id,
        'tCO2' as unit,
        epci_code,
        inventory_date,
        snapshot_id,
        -{{ sum_if_complete('co2_balance') }} as figure
    from wood
    group by epci_code, inventory_date, snapshot_id

    union all

    select
        'aldo_forest_carbon_sink' as indicator_id,
        'tCO2' as unit,
        epci_code,
        inventory_date,
        max(snapshot_id) as snapshot_id,
        -{{ sum_if_complete('co2_balance') }} as figure
    from stands
    group by epci_code, inventory_date

),

named as (

    select
        indicator_id,
        unit,
        epci_code as territory_code,
        inventory_date,
        snapshot_id,
        figure
    from figures
    -- totals are named FRANCE or France
    where regexp_full_match(epci_code, '\d+')

)

select
    {{ named_observation_columns(
        "epci", "unit", "year(inventory_date)", "inventory_date",
        value="figure", status="'estimated'", is_provisional="true"
    ) }}
from named
