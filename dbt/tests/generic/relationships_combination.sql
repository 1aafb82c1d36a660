{#- As `relationships`, for a key of several columns; a row without a value in one of them refers to nothing. -#}
{% test relationships_combination(model, columns, to, fields) %}

select distinct {{ columns | join(', ') }}
from {{ model }}
where
    ({{ columns | join(', ') }}) not in (select ({{ fields | join(', ') }}) from {{ to }})
    {% for column in columns %}
        and {{ column }} is not null
    {% endfor %}

{% endtest %}
