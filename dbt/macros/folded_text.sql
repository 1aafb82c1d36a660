{#- A text without case and accents, with one kind of apostrophe and of space: what the words of a rule are sought in. -#}
{% macro folded_text(text) -%}
regexp_replace(replace(lower(strip_accents({{ text }})), '’', ''''), '\s+', ' ', 'g')
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
