-- The seed `series` names the indicator of each series. Bundled figures and the kit name it themselves.
{% for model in series_models() %}
    select
        series.indicator_id,
        observations.territory_level,
        observations.territory_code,
        observations.year,
        observations.reference_date,
        observations.value,
        series.source_unit,
        observations.value_status,
        observations.completeness_pct,
        observations.masked_count,
        observations.is_provisional,
        observations.is_part_of_year,
        observations.members,
        observations.source_rows,
        observations.snapshot_id,
        '{{ model }}' as source_model
    from {{ ref(model) }} as observations
    left join {{ ref('series') }} as series
        on observations.series = series.series and series.source_model = '{{ model }}'
    union all
{% endfor %}
{% for model in ['stg_leviers__bundled_figures', 'stg_leviers__kit_observed'] %}
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        reference_date,
        value,
        source_unit,
        value_status,
        completeness_pct,
        masked_count,
        is_provisional,
        is_part_of_year,
        members,
        source_rows,
        snapshot_id,
        '{{ model }}' as source_model
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
