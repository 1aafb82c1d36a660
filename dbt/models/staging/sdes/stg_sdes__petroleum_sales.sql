{#- Grain: product x departement x year. Tonnes of petroleum products by place of delivery, all sectors; the
fictitious departement XX, one for each region, is kept and set aside later as an unknown territory. Leaded
petrol, published in cubic metres until 2005, measures nothing here and stays in the raw table.
data_tests:
  - unique_combination:
      arguments:
        columns: [series, territory_code, year]
      config:
        where: territory_code != 'XX' -#}
with sales as (
    select
        departement_code,
        year,
        snapshot_id,
        series,
        tonnes
    from {{ source('raw_sdes', 'sdes_petroleum_departement') }}
    unpivot include nulls (
        tonnes for series in (
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
        series,
        -- a negative quantity stands for an unknown one
        case when tonnes >= 0 then tonnes end as tonnes
    from sales
)

select
    {{ observation_columns("departement", "sales_year", value="tonnes") }}
from named
