{#- A text without case and accents, with one kind of apostrophe and of space: what the words of a rule are sought in. -#}
{% macro folded_text(text) -%}
regexp_replace(replace(lower(strip_accents({{ text }})), '’', ''''), '[\s\p{Z}]+', ' ', 'g')
{%- endmacro %}

{#- Whether a text names early what a rule of `action_rules` looks for: what it names later is a part of another work. -#}
{% macro follows_rule(text, rules) -%}
regexp_matches({{ folded_text(text) }}, {{ rules }}.words)
and not regexp_matches({{ folded_text(text) }}, {{ rules }}.unless)
and regexp_matches({{ folded_text(text) }}, '^(\S+ ){0,5}\S*(' || {{ rules }}.words || ')')
{%- endmacro %}

{#- The name of a commune as two lists have it in common: "Puech (le)" is "Le Puech", "St" is "Saint". -#}
{% macro folded_name(name) -%}
regexp_replace(
        regexp_replace(
            regexp_replace({{ folded_text(name) }}, '^(.*) \((l[ea]s?|l'')\)$', '\2 \1'),
            '\bst(e?)\b', 'saint\1', 'g'
        ),
        '[^a-z0-9]', '', 'g'
    )
{%- endmacro %}
