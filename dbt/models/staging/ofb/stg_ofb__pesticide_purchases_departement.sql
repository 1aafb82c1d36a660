{#- Grain: series x departement of the buyer x year since 2015 x status of the quantity. Kilograms of active
substance, biocontrol included; what is hidden or missing is a row of its own without a value: the sum of the
known quantities is a lower bound, whose completeness is half where anything is not known.
unique: [series, territory_code, year, value_status] -#}
with purchases as (
    select
        departement_code as territory_code,
        year as purchase_year,
        cast(quantity as decimal(18, 6)) as quantity,
        quantity_status,
        starts_with(hazard, 'CMR') as is_cmr,
        snapshot_id
    from {{ source('raw_ofb', 'bnvd_purchases_departement') }}
    where year >= {{ threshold('pesticides_from_year') }}
),

{{ summed_purchases('purchases') }}

select
    {{ observation_columns(
        "departement", "purchase_year", value="quantity", status="quantity_status", source_rows="source_rows"
    ) }}
from summed
