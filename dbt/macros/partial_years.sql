{#- Whether a number has fallen as the number of a partial year or edition does. -#}
{% macro has_partial_fall(number, number_before) -%}
(
            {{ number_before }} > 0
            and {{ threshold('partial_year_factor') }} * {{ number }} <= {{ number_before }}
        )
{%- endmacro %}

{#- Whether members are missing. -#}
{% macro loses_members(members, members_before) -%}
(
            {{ has_partial_fall(members, members_before) }}
            and {{ members_before }} - {{ members }} >= {{ threshold('partial_year_least_lost') }}
        )
{%- endmacro %}
