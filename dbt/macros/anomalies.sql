{#- The nearer of two distances that have the same sign; zero where they have not, or where one is unknown. -#}
{% macro nearer(a, b) -%}
coalesce(if({{ a }} > 0, greatest(least({{ a }}, {{ b }}), 0), least(greatest({{ a }}, {{ b }}), 0)), 0)
{%- endmacro %}
