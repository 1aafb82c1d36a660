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

{#- The straight path from a start to a target, at a moment. A target that the start met asks for nothing but to stay on
    its right side: its path is the target itself. -#}
{% macro straight_path(improvement, start, target, start_at, target_at, at) -%}
case
            when {{ improvement }} * ({{ target }} - {{ start }}) <= 0 then {{ target }}
            else
                {{ start }}
                + ({{ target }} - {{ start }})
                * least(({{ at }} - {{ start_at }}) / ({{ target_at }} - {{ start_at }}), 1)
        end
{%- endmacro %}

{#- Whether a reading is one of a line behind its path. -#}
{% macro is_behind(reading) -%}
{{ reading }} in ('behind', 'opposite')
{%- endmacro %}

{#- Of rows with an amount, those of a lever that overlaps others of the same keys, and whether one of these stands for it: the
    larger does and, of two that are as large, the first by name. -#}
{% macro overlaps_met(amounts, keys, amount) -%}
select
        own.lever_id,
        {% for key in keys %}own.{{ key }},
        {% endfor %}bool_or(
            (neighbours.{{ amount }}, own.lever_id) > (own.{{ amount }}, neighbours.lever_id)
        ) as is_covered
    from {{ amounts }} as own
    inner join {{ ref('int_lever_overlaps_paired') }} as pairs on own.lever_id = pairs.lever_id
    inner join {{ amounts }} as neighbours
        on
            pairs.other_lever_id = neighbours.lever_id
            {%- for key in keys %}
            and own.{{ key }} = neighbours.{{ key }}
            {%- endfor %}
    group by all
{%- endmacro %}
