{#- Arithmetic and words of `int_jumps_detected`, which says what a jump is and has its thresholds. -#}

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
