{#- A share in % is a hundred times the ratio, kilograms are a thousand times the tonnes; a zero denominator gives no
ratio. -#}
{% macro ratio(numerator, denominator, unit) -%}
{{ numerator }} / nullif({{ denominator }}, 0) * case {{ unit }} when '%' then 100 when 'kg/MWh' then 1000 else 1 end
{%- endmacro %}
