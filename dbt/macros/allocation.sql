{#- A part of a region's target, in DECIMAL so that sums of parts agree whatever their order. -#}
{% macro allocated_part(value, weight, total_weight) -%}
cast({{ value }} * {{ weight }} / {{ total_weight }} as decimal(38, 18))
{%- endmacro %}
