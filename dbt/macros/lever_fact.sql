{#-
    Every value of the indicators that measure one lever, the one that the model is named after, and what they are read
    by. It is a view, which costs a build nothing: the publication makes a table of it.
-#}
{% macro lever_fact() -%}
{{ config(materialized='kept_view') -}}
select
    lever_id,
    indicator_id,
    territory_level,
    territory_code,
    year,
    reference_date,
    value,
    unit,
    value_status,
    completeness_pct,
    masked_count,
    is_provisional,
    is_incomplete_year,
    is_anomalous,
    dataset_id,
    snapshot_id,
    target_value,
    path_value,
    way_done,
    is_series_read,
    reading,
    reading_label_fr
from {{ ref('int_lever_values_judged') }}
where lever_id = '{{ this.name.removeprefix("fct_lever_") }}'
{%- endmacro %}
