-- A row is a reading or a target: the oldest reading is the initial value, which may stand alone, and the
-- newest row may hold nothing but the target of 2026.
with

series (indicator_code, indicator_id, flow_id, unit) as (

    values
    ('IND-263', 'secure_cycle_routes_ppg', null, 'km'),
    ('IND-285', 'biowaste_sorting_inhabitants_ppg', null, 'persons'),
    ('IND-292', 'maprimerenov_cumulative_ppg', 'maprimerenov_validated_ppg', 'files'),
    ('IND-316', 'charging_points_ppg', null, 'points')

),

levels (zone_level, territory_level) as (

    values
    ('DEPT', 'departement'),
    ('REG', 'region'),
    ('NAT', 'pays')

),

readings as (

    select
        series.indicator_id,
        series.flow_id,
        series.unit,
        levels.territory_level,
        if(levels.zone_level = 'NAT', 'FR', substr(results.zone_code, 2)) as territory_code,
        results.read_month as read_on,
        coalesce(results.value, results.initial_value) as value,
        results.snapshot_id
    from {{ source('raw_ditp', 'ditp_indicators_departement') }} as results
    inner join series on results.indicator_code = series.indicator_code
    inner join levels on results.zone_level = levels.zone_level

),

stocks as (

    {{ stocks_of_years('readings') }}

),

flows as (

    {{ flows_of_years('stocks') }}

),

yearly as (

    select * exclude (flow_id) from stocks
    union all by name
    select * from flows

)

{% for level in ["departement", "region", "pays"] %}
    select
        {{ named_observation_columns(
            level, "unit", "figure_year", "figure_date", value="figure", is_provisional="is_incomplete"
        ) }}
    from yearly
    where territory_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
