{#- What a code is called in French: `domain` is the kind of code in `dim_label`. -#}
{% macro label_fr(domain, code) -%}
(
    select labels.label_fr
    from {{ ref('dim_label') }} as labels
    where labels.domain = '{{ domain }}' and labels.code = {{ code }}
)
{%- endmacro %}
