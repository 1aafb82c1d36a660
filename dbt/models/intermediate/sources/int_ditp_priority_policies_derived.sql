{#- Grain: series x territory x year. The same results for the priority policies, from 2022 on, with
inhabitants who can sort their bio-waste: series of their own, which are not joined to those of the barometer.
A date is the end of a month; targets are no observations.
unique: [series, territory_level, territory_code, year] -#}
-- A row is a reading or a target: the oldest reading is the initial value, which may stand alone, and the
-- newest row may hold nothing but the target of 2026.
with readings as (
    select
        indicator_code as series,
        indicator_code = 'IND-292' as is_running_total,
        territory_level,
        territory_code,
        read_month as read_on,
        coalesce(value, initial_value) as value,
        snapshot_id,
        1 as source_rows
    from {{ ref('stg_ditp__priority_policies') }}
),

{{ yearly_readings('readings') }}

{% for level in ["departement", "region", "pays"] %}
    select
        {{ observation_columns(
            level, "figure_year", "figure_date", value="figure", is_provisional="is_incomplete",
            source_rows="source_rows"
        ) }}
    from yearly
    where territory_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
