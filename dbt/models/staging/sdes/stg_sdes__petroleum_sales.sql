with

sales as (

    unpivot {{ source('raw_sdes', 'sdes_petroleum_departement') }}
    on columns(* exclude (departement_code, departement_name, region_code, region_name, year, snapshot_id))
    into name product value tonnes

),

named as (

    select
        departement_code as territory_code,
        year as sales_year,
        snapshot_id,
        -- -99 stands for an unknown quantity in 2006
        case when tonnes >= 0 then tonnes end as tonnes,
        case product
            when 'fod' then 'petroleum_heating_oil_sales'
            when 'gazole' then 'petroleum_diesel_sales'
            when 'fol' then 'petroleum_heavy_fuel_oil_sales'
            when 'gnr' then 'petroleum_off_road_diesel_sales'
            when 'gpl' then 'petroleum_lpg_sales'
            when 'carbureacteur' then 'petroleum_jet_fuel_sales'
            when 'super_sans_plomb' then 'petroleum_petrol_sales'
            when 'super_sans_plomb_95' then 'petroleum_petrol_95_sales'
            when 'super_sans_plomb_95_e10' then 'petroleum_petrol_95_e10_sales'
            when 'super_sans_plomb_98' then 'petroleum_petrol_98_sales'
            when 'super_eth_e85' then 'petroleum_petrol_e85_sales'
        end as indicator_id
    from sales
    -- leaded petrol is published in cubic metres and ended in 2005
    where product != 'super_plombe'

)

select
    {{ observation_columns("departement", "'t'", "sales_year", value="tonnes") }}
from named
