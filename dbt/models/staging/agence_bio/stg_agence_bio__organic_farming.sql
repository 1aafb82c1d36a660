{% set measures = [
    ('areas', 'organic_area', 'organic_area', 'ha', 'true'),
    ('areas', 'conversion_area', 'organic_area_in_conversion', 'ha', 'true'),
    ('areas', 'farms', 'organic_farms', 'farms', 'true'),
    ('livestock', 'heads', 'organic_cows', 'heads', "group_code in ('VA', 'VL')"),
    ('operators', 'operators', 'organic_operators', 'operators', 'true'),
] %}

with

{% for level in ['commune', 'departement'] %}
    {{ level }}_measures as (

        {% for table, column, indicator, unit, condition in measures %}
            select
                '{{ indicator }}_{{ level }}' as indicator_id,
                coalesce({{ level }}_code, 'unknown') as territory_code,
                year as measure_year,
                cast({{ column }} as double) as measured,
                {{ column }}_status as measured_status,
                '{{ unit }}' as unit,
                snapshot_id
            from {{ source('raw_agence_bio', 'agence_bio_' ~ level ~ '__' ~ table) }}
            where {{ condition }}
            {% if not loop.last %}union all{% endif %}
        {% endfor %}

    ){% if not loop.last %},{% endif %}
{% endfor %}

{% for level in ['commune', 'departement'] %}
    select
        {{ named_observation_columns(
            level, "unit", "measure_year", "make_date(measure_year, 12, 31)",
            value="measured", status="measured_status"
        ) }}
    from {{ level }}_measures
    {% if not loop.last %}union all{% endif %}
{% endfor %}
