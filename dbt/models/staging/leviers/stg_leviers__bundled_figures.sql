{% for dataset_id in bundled_datasets() %}
    select
        indicator_id,
        territory_level,
        territory_code,
        cast(year as integer) as year,
        reference_date,
        value,
        unit as source_unit,
        value_status,
        completeness_pct,
        masked_count,
        is_provisional,
        is_part_of_year,
        cast(null as varchar[]) as members,
        1 as source_rows,
        snapshot_id
    from {{ source('raw_leviers', 'bundled_' ~ dataset_id) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
