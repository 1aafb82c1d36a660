{#- Grain: series x commune of the buyer x year x status of the quantity. Kilograms of active substance
without biocontrol and without what organic farming may use, estimated from the postal code; what is hidden or
missing is a row of its own without a value: the sum of the known quantities is a lower bound, whose
completeness is half where anything is not known.
unique: [series, territory_code, year, value_status] -#}
{{ config(materialized='kept_table') }}

with purchases as (
    select
        coalesce({{ whole_commune('commune_code') }}, 'unknown') as territory_code,
        year as purchase_year,
        cast(quantity as decimal(18, 6)) as quantity,
        if(quantity_status = 'observed', 'estimated', quantity_status) as quantity_status,
        starts_with(hazard, 'CMR') as is_cmr,
        snapshot_id
    from {{ source('raw_ofb', 'bnvd_purchases_commune') }}
    -- a product counts where the file does not say that it is left out
    where
        coalesce(lower(biocontrol), '') not in ('oui', 'true', '1', 'biocontrole')
        and coalesce(lower(organic_use), '') not in ('uab', 'oui', 'true', '1')
),

{{ summed_purchases('purchases') }}

select
    {{ observation_columns(
        "commune", "purchase_year", value="quantity", status="quantity_status", source_rows="source_rows"
    ) }}
from summed
