{#- Grain: series x commune or departement x year x row of the source, several of which may make up a value: a
commune has a row per postal code, its operators one per production and activity, its cows one per herd.
Hectares, farms, operators and heads; an empty cell is secret, never zero, and a commune without a row has
none.
not_null: year -#}
{% set measures = [
    ('areas', 'organic_area', 'true'),
    ('areas', 'conversion_area', 'true'),
    ('areas', 'farms', 'true'),
    ('livestock', 'heads', "group_code in ('VA', 'VL')"),
    ('operators', 'operators', 'true'),
] %}

with
{% for level in ['commune', 'departement'] %}
    {{ level }}_measures as (
        {% for table, column, condition in measures %}
            select
                '{{ level }}/{{ column }}' as series,
                coalesce({{ level }}_code, 'unknown') as territory_code,
                year as measure_year,
                cast({{ column }} as double) as measured,
                {{ column }}_status as measured_status,
                snapshot_id
            from {{ source('raw_agence_bio', 'agence_bio_' ~ level ~ '__' ~ table) }}
            where {{ condition }}
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ){% if not loop.last %},{% endif %}
{% endfor %}

{% for level in ['commune', 'departement'] %}
    select
        {{ observation_columns(
            level, "measure_year", "make_date(measure_year, 12, 31)",
            value="measured", status="measured_status"
        ) }}
    from {{ level }}_measures
    {% if not loop.last %}union all{% endif %}
{% endfor %}
