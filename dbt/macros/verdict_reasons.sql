{#- The sentence of a reason of `verdict_reasons`. A `{name}` in it is replaced by its value in the map `sentence_values`. -#}
{% macro fill_sentence(sentence, sentence_values) -%}
array_to_string(
    list_transform(
        string_split({{ sentence }}, '{'),
        lambda part:
            if(
                contains(part, '}'),
                coalesce({{ sentence_values }}[split_part(part, '}', 1)], '') || split_part(part, '}', 2),
                part
            )
    ),
    ''
)
{%- endmacro %}
