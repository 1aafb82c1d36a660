{% set tables = graph.nodes.values() | selectattr('resource_type', 'eq', 'model') | map(attribute='name') %}

select levers.lever_id
from {{ ref('dim_lever') }} as levers
left join {{ ref('fct_lever_coverage') }} as coverage on levers.lever_id = coverage.lever_id
where
    (levers.is_quantified or coverage.has_series_in_country)
    and 'fct_lever_' || levers.lever_id not in (
        {% for table in tables %}
            '{{ table }}'{% if not loop.last %},{% endif %}
        {% endfor %}
    )
