{#- The value of a threshold, by its code: `thresholds` in `dbt_project.yml`. -#}
{% macro threshold(code) -%}
{{ var('thresholds')[code]['value'] }}
{%- endmacro %}
