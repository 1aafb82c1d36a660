with

sales as (

    select
        departement_code,
        year,
        snapshot_id,
        product,
        tonnes
    from {{ source('raw_sdes', 'sdes_petroleum_departement') }}
    unpivot include nulls (
        tonnes for product in (
            fod, gazole, fol, gnr, gpl, carbureacteur,
            super_sans_plomb, super_sans_plomb_95, super_sans_plomb_95_e10, super_sans_plomb_98, super_eth_e85
        )
    )

),

named as (

    select
        departement_code as territory_code,
        year as sales_year,
        snapshot_id,
        -- a negative quantity stands for an unknown one
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

)

select
    {{ named_observation_columns("departement", "'t'", "sales_year", value="tonnes") }}
from named
