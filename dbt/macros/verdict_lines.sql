{#- Whether two relations have the same lever, indicator, basis and territory. -#}
{% macro same_series(one, other) -%}
{{ one }}.lever_id = {{ other }}.lever_id
            and {{ one }}.indicator_id = {{ other }}.indicator_id
            and {{ one }}.basis = {{ other }}.basis
            and {{ one }}.territory_level = {{ other }}.territory_level
            and {{ one }}.territory_code = {{ other }}.territory_code
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

{#- The straight path from a start to a target, at a moment. If the start met the target, the path is the target.
    `good_sign`: 1 if the lever wants a rise of the series, -1 if a fall. -#}
{% macro straight_path(good_sign, start, target, start_at, target_at, at) -%}
case
            when {{ good_sign }} * ({{ target }} - {{ start }}) <= 0 then {{ target }}
            else
                {{ start }}
                + ({{ target }} - {{ start }})
                * least(({{ at }} - {{ start_at }}) / ({{ target_at }} - {{ start_at }}), 1)
        end
{%- endmacro %}

{#- Whether a reading says that the line is behind its path. -#}
{% macro is_behind(reading) -%}
{{ reading }} in ('behind', 'opposite')
{%- endmacro %}
