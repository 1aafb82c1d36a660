{% for level in ['departement', 'region'] %}
    select
        '{{ level }}' as published_level,
        hub_id,
        {{ level }}_code as territory_code,
        date_mesure,
        category,
        value,
        half_interval,
        significant,
        snapshot_id
    from {{ source('raw_ign', 'ign_forest_inventory__' ~ level) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
