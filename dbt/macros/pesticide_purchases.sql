{#-
Relation `summed`, from `purchases` (territory_code, purchase_year, quantity, quantity_status, is_cmr, snapshot_id): the
quantity of all products and, in a series of its own, that of those that are `is_cmr`.
-#}
{% macro summed_purchases(purchases) -%}
summed as (
    select
        unnest(['quantity'] || if(is_cmr, ['quantity/CMR'], [])) as series,
        territory_code,
        purchase_year,
        quantity_status,
        snapshot_id,
        sum(quantity) as quantity,
        count(*) as source_rows
    from {{ purchases }}
    group by series, territory_code, purchase_year, quantity_status, snapshot_id
)
{%- endmacro %}
