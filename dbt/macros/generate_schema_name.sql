{#- Schemas are named as declared (`marts`), without the target schema as a prefix (`main_marts`). -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | default(target.schema, true) | trim }}
{%- endmacro %}
