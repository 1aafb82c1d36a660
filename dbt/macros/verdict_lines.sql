{#- The target of a line from its start: a level, a change or a ratio. -#}
{% macro target_from(start, level, change, ratio) -%}
coalesce({{ level }}, {{ start }} + {{ change }}, {{ start }} * {{ ratio }})
{%- endmacro %}

{#- The straight path from a start to a target, at a moment. If the start met the target, the path is the target. -#}
{% macro straight_path(improvement, start, target, start_at, target_at, at) -%}
case
            when {{ improvement }} * ({{ target }} - {{ start }}) <= 0 then {{ target }}
            else
                {{ start }}
                + ({{ target }} - {{ start }})
                * least(({{ at }} - {{ start_at }}) / ({{ target_at }} - {{ start_at }}), 1)
        end
{%- endmacro %}

{#- Shares of the way from start to target: what is done, what the path asks for by then, and the uncertainty. -#}
{% macro way_shares(start, value, path, uncertainty, way) -%}
({{ value }} - {{ start }}) / {{ way }} as way_done,
    ({{ path }} - {{ start }}) / {{ way }} as way_due,
    {{ uncertainty }} / abs({{ way }}) as way_uncertainty
{%- endmacro %}

{#- What a gap has to exceed to be sure: the uncertainty, and what rounding may add to it. -#}
{% macro sure_gap(uncertainty) -%}
{{ uncertainty }} * (1 + {{ threshold('forgiven') }})
{%- endmacro %}

{#- How far a line surely is behind, as a share of its way: what lacks of the path, less the uncertainty. -#}
{% macro sure_lag(verdicts) -%}
{{ verdicts }}.way_due - {{ verdicts }}.way_done - {{ verdicts }}.way_uncertainty
{%- endmacro %}

{#- Whether a reading says that the line is behind its path. -#}
{% macro is_behind(reading) -%}
{{ reading }} in ('behind', 'opposite')
{%- endmacro %}
