{#- Whether two relations have the same territory. -#}
{% macro same_territory(left, right) -%}
{{ left }}.territory_level = {{ right }}.territory_level
            and {{ left }}.territory_code = {{ right }}.territory_code
{%- endmacro %}

{#- Whether two relations have the same lever, indicator, basis and territory. -#}
{% macro same_series(left, right) -%}
{{ left }}.lever_id = {{ right }}.lever_id
            and {{ left }}.indicator_id = {{ right }}.indicator_id
            and {{ left }}.basis = {{ right }}.basis
            and {{ same_territory(left, right) }}
{%- endmacro %}

{#- Whether two relations have the same series and framework. -#}
{% macro same_line(left, right) -%}
{{ same_series(left, right) }}
            and {{ left }}.framework_version = {{ right }}.framework_version
{%- endmacro %}

{#- Whether a relation has the lever, indicator and basis of one of the `verdict_rules`. -#}
{% macro same_rule(rows, rules) -%}
{{ rows }}.lever_id = {{ rules }}.lever_id
            and {{ rows }}.indicator_id = {{ rules }}.indicator_id
            and {{ rows }}.basis = {{ rules }}.basis
{%- endmacro %}

{#- Keeps the rows of the framework whose targets are in force; if `rows` have no framework, all are of that one. -#}
{% macro join_framework_in_force(rows=none) -%}
inner join {{ ref('dim_framework') }} as frameworks
    on
        frameworks.is_target_version
        {%- if rows %}
        and {{ rows }}.framework_version = frameworks.framework_version
        {%- endif %}
{%- endmacro %}

{#- The rows of a model under the framework whose targets are in force. -#}
{% macro in_force(model) -%}
select listed.* from {{ ref(model) }} as listed
    {{ join_framework_in_force('listed') }}
{%- endmacro %}
