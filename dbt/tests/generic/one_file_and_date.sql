{#- Rows of one indicator, territory and year are parts of it: two files, or two dates, would count it twice. -#}
{% test one_file_and_date(model) %}

select
    indicator_id,
    territory_level,
    territory_code,
    year
from {{ model }}
group by indicator_id, territory_level, territory_code, year
having
    min(snapshot_id) <> max(snapshot_id)
    or min(reference_date) <> max(reference_date)

{% endtest %}
