{#- French label of a code: `domain` is the kind of code in `dim_label`. -#}
{% macro label_fr(domain, code) -%}
(
    select labels.label_fr
    from {{ ref('dim_label') }} as labels
    where labels.domain = '{{ domain }}' and labels.code = {{ code }}
)
{%- endmacro %}

{#- French labels of a list of codes, in alphabetical order; `separator` stands between the codes. -#}
{% macro labels_fr(domain, codes, separator) -%}
(
    select string_agg(labels.label_fr, ', ' order by labels.label_fr)
    from {{ ref('dim_label') }} as labels
    where labels.domain = '{{ domain }}' and list_contains(string_split({{ codes }}, '{{ separator }}'), labels.code)
)
{%- endmacro %}

{#- A number as French writes it: a decimal comma, four figures that count, thin spaces between thousands. -#}
{% macro number_fr(number) -%}
case
    when abs({{ number }}) >= 1000 then replace(format('{:,.0f}', {{ number }}), ',', chr(8239))
    when abs({{ number }}) < 0.001 then replace(rtrim(rtrim(format('{:.7f}', {{ number }}), '0'), '.'), '.', ',')
    else replace(format('{:.4g}', {{ number }}), '.', ',')
end
{%- endmacro %}

{#- A positive number to two figures that count. -#}
{% macro two_figures(number) -%}
round({{ number }} / pow(10, floor(log10({{ number }})) - 1)) * pow(10, floor(log10({{ number }})) - 1)
{%- endmacro %}

{#- A positive number of things that come whole: to the unit below ten, else to two figures. -#}
{% macro whole_things(number) -%}
if({{ number }} < 9.5, round({{ number }}), {{ two_figures(number) }})
{%- endmacro %}
