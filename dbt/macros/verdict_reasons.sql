{#- The sentence of a reason of `verdict_reasons`, with the places that it names filled. -#}
{% macro fill_places(sentence, places) -%}
{%- set filled = namespace(sql=sentence) -%}
{%- for name, value in places.items() -%}
{%- set filled.sql = "replace(" ~ filled.sql ~ ", '{" ~ name ~ "}', coalesce(cast(" ~ value ~ " as varchar), ''))" -%}
{%- endfor -%}
{{ filled.sql }}
{%- endmacro %}
