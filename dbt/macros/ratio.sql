{#- A share in % is a hundred times the ratio; a zero denominator gives no ratio. -#}
{% macro ratio(numerator, denominator, unit) -%}
{{ numerator }} / nullif({{ denominator }}, 0) * if({{ unit }} = '%', 100, 1)
{%- endmacro %}
