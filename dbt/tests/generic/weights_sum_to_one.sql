{% test weights_sum_to_one(model, weight, partition_by) %}

select
    {{ partition_by | join(', ') }},
    sum({{ weight }}) as total_weight
from {{ model }}
group by {{ partition_by | join(', ') }}
having abs(total_weight - 1) > 1e-9

{% endtest %}
