{#- The dataset of a file: its snapshot is named by the dataset and a hash. -#}
{% macro dataset_of(snapshot_id) -%}
split_part({{ snapshot_id }}, ':', 1)
{%- endmacro %}

{#- Whether a dataset is here: planned, received, or expected and still without rows. -#}
{% macro dataset_state(rows) -%}
case
        when {{ rows }}.status = 'planned' then 'planned'
        when {{ rows }}.loaded_rows > 0 then 'received'
        else 'expected'
    end
{%- endmacro %}
