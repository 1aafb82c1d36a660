{#- The sentence of a reason of `verdict_reasons`, with its `{names}` replaced by what the map `places` holds of them. -#}
{% macro fill_places(sentence, places) -%}
array_to_string(
    list_transform(
        string_split({{ sentence }}, '{'),
        lambda part:
            if(
                contains(part, '}'),
                coalesce({{ places }}[split_part(part, '}', 1)], '') || split_part(part, '}', 2),
                part
            )
    ),
    ''
)
{%- endmacro %}
