{#- The part of `fct_lever_value` that is of one lever, the one that the model is named after. -#}
{% macro lever_fact() -%}
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
from {{ ref('fct_lever_value') }}
where lever_id = '{{ this.name.removeprefix("fct_lever_") }}'
{%- endmacro %}
