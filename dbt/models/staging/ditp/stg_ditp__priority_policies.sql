{#- Grain: series x territory x year. The same results for the priority policies, from 2022 on, with
inhabitants who can sort their bio-waste: series of their own, which are not joined to those of the barometer.
A date is the end of a month; targets are no observations.
unique: [series, territory_level, territory_code, year] -#}
-- A row is a reading or a target: the oldest reading is the initial value, which may stand alone, and the
-- newest row may hold nothing but the target of 2026.
with levels (zone_level, territory_level) as (
    values
    ('DEPT', 'departement'),
    ('REG', 'region'),
    ('NAT', 'pays')
),

readings as (
    select
        results.indicator_code as series,
        results.indicator_code = 'IND-292' as is_running_total,
        levels.territory_level,
        if(levels.zone_level = 'NAT', 'FR', substr(results.zone_code, 2)) as territory_code,
        results.read_month as read_on,
        coalesce(results.value, results.initial_value) as value,
        results.snapshot_id,
        1 as source_rows
    from {{ source('raw_ditp', 'ditp_indicators_departement') }} as results
    inner join levels on results.zone_level = levels.zone_level
    -- the priority policies that bear on a lever
    where results.indicator_code in ('IND-263', 'IND-285', 'IND-292', 'IND-316')
),

stocks as (
    {{ stocks_of_years('readings') }}
),

flows as (
    {{ flows_of_years('stocks') }}
),

yearly as (
    select * exclude (is_running_total) from stocks
    union all by name
    select * from flows
)

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
