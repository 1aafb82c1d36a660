{#- The dataset of a file: its snapshot is named by the dataset and a hash. -#}
{% macro dataset_of(snapshot_id) -%}
split_part({{ snapshot_id }}, ':', 1)
{%- endmacro %}
