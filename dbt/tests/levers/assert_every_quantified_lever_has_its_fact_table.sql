{% set tables = graph.nodes.values() | selectattr('resource_type', 'eq', 'model') | map(attribute='name') %}

select lever_id
from {{ ref('dim_lever') }}
where
    is_quantified
    and 'fct_lever_' || lever_id not in (
        {% for table in tables %}
            '{{ table }}'{% if not loop.last %},{% endif %}
        {% endfor %}
    )
