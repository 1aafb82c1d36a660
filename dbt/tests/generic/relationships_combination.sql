{#- As `relationships`, for a key of several columns; a row without a value in one of them refers to nothing. -#}
{% test relationships_combination(model, columns, to, fields) %}

with referring as (
    select distinct {{ columns | join(', ') }}
    from {{ model }}
    where
        {%- for column in columns %}
        {{ column }} is not null{{ ' and' if not loop.last }}
        {%- endfor %}
)

select referring.*
from referring
anti join {{ to }} as referred
    on
        {%- for column, field in zip(columns, fields) %}
        referring.{{ column }} = referred.{{ field }}{{ ' and' if not loop.last }}
        {%- endfor %}

{% endtest %}
