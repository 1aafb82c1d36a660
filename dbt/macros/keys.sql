{#- Whether two relations have the same territory. -#}
{% macro same_territory(one, other) -%}
{{ one }}.territory_level = {{ other }}.territory_level
            and {{ one }}.territory_code = {{ other }}.territory_code
{%- endmacro %}

{#- Whether two relations have the same lever, indicator, basis and territory. -#}
{% macro same_series(one, other) -%}
{{ one }}.lever_id = {{ other }}.lever_id
            and {{ one }}.indicator_id = {{ other }}.indicator_id
            and {{ one }}.basis = {{ other }}.basis
            and {{ same_territory(one, other) }}
{%- endmacro %}

{#- Whether two relations have the same series and framework. -#}
{% macro same_line(one, other) -%}
{{ same_series(one, other) }}
            and {{ one }}.framework_version = {{ other }}.framework_version
{%- endmacro %}

{#- Whether a relation has the lever, indicator and basis of one of the `verdict_rules`. -#}
{% macro same_rule(one, rules) -%}
{{ one }}.lever_id = {{ rules }}.lever_id
            and {{ one }}.indicator_id = {{ rules }}.indicator_id
            and {{ one }}.basis = {{ rules }}.basis
{%- endmacro %}

{#- Keeps the rows of the framework whose targets are in force. -#}
{% macro join_framework_in_force(rows) -%}
inner join {{ ref('dim_framework') }} as frameworks
    on
        {{ rows }}.framework_version = frameworks.framework_version
        and frameworks.is_target_version
{%- endmacro %}
