{#- A part of a region's target, in DECIMAL so that sums of parts agree whatever their order. -#}
{% macro allocated_part(value, weight, total_weight) -%}
cast({{ value }} * {{ weight }} / {{ total_weight }} as decimal(38, 18))
{%- endmacro %}


{#- TeT's method: (result of 2019 - sector objective 2030) x regional share of the lever, in what is avoided. Rounded to
0.01 as published; NULL where a term is unknown. -#}
{% macro sector_trajectory_part(result, objective_2030, share_pct) -%}
round(({{ result }} - {{ objective_2030 }}) * {{ share_pct }} / 100, 2)
{%- endmacro %}
