{#- Whether a number has fallen by a third or more: the one place where the threshold of a partial edition stands. -#}
{% macro falls_by_a_third(number, number_before) -%}
({{ number_before }} > 0 and 3 * {{ number }} <= 2 * {{ number_before }})
{%- endmacro %}


{#- Whether members are missing. One alone does not count: of a series of three it is already a third. -#}
{% macro loses_members(members, members_before) -%}
({{ falls_by_a_third(members, members_before) }} and {{ members_before }} - {{ members }} >= 2)
{%- endmacro %}
