{#- That two relations speak of one series of verdicts: of a lever, an indicator, a basis and a territory. -#}
{% macro same_series(one, other) -%}
{{ one }}.lever_id = {{ other }}.lever_id
            and {{ one }}.indicator_id = {{ other }}.indicator_id
            and {{ one }}.basis = {{ other }}.basis
            and {{ one }}.territory_level = {{ other }}.territory_level
            and {{ one }}.territory_code = {{ other }}.territory_code
{%- endmacro %}

{#- That two relations speak of one line of verdicts: of a series in a framework. -#}
{% macro same_line(one, other) -%}
{{ same_series(one, other) }}
            and {{ one }}.framework_version = {{ other }}.framework_version
{%- endmacro %}

{#- That a relation speaks of a series by one of the `verdict_rules`. -#}
{% macro same_rule(one, rules) -%}
{{ one }}.lever_id = {{ rules }}.lever_id
            and {{ one }}.indicator_id = {{ rules }}.indicator_id
            and {{ one }}.basis = {{ rules }}.basis
{%- endmacro %}
