{#- The departement that the annual agricultural statistics name ("077 - ...", "02A - ..."); NULL for a total. -#}
{% macro saa_departement_code(label) -%}
regexp_replace(nullif(regexp_extract({{ label }}, '^\s*(\d{3}|02[AB])\s*-', 1), ''), '^0', '')
{%- endmacro %}
