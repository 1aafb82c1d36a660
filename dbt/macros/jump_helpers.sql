{#- Arithmetic and words of jumps; `int_jumps_detected` and `fct_indicator_change` say what a jump is and have their thresholds. -#}

{#- The nearer of two distances that have the same sign; zero where they have not, or where one is unknown. -#}
{% macro nearer(a, b) -%}
coalesce(if({{ a }} > 0, greatest(least({{ a }}, {{ b }}), 0), least(greatest({{ a }}, {{ b }}), 0)), 0)
{%- endmacro %}


{#- What a jump is, in French: of `subject`, from value_before to value, then next_value. -#}
{% macro jump_fr(subject) -%}
'{{ subject }} passe de '
    || coalesce({{ number_fr('value_before') }} || ' à ', '')
    || {{ number_fr('value') }}
    || coalesce(if(value_before is null, ' à ', ' puis ') || {{ number_fr('next_value') }}, '')
    || ', sans que les autres territoires bougent ainsi.'
{%- endmacro %}


{#- Whether one of two values is more than `factor` times the other; nothing is so of nothing. -#}
{% macro jumps(before, after, factor) -%}
greatest(abs({{ before }}), abs({{ after }})) > {{ factor }} * least(abs({{ before }}), abs({{ after }}))
{%- endmacro %}
