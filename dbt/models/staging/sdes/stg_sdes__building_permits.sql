{#- Grain: series x commune, departement or EPCI x year. Dwellings authorised and started and their floor area
(m2), of all types together: the types are parts of that sum and are not added to it. An empty cell is zero,
but in a year without any figure, which is not known yet (starts of the newest year). About 15 % of the starts
of the last years are not declared yet.
unique: [series, territory_level, territory_code, year] -#}
{% set levels = ["commune", "departement", "epci"] %}

with permits as (
    {% for level in levels %}
        select
            '{{ level }}' as published_level,
            {{ level }}_code as territory_code,
            year as permit_year,
            dwellings_authorised,
            dwellings_started,
            floor_area_authorised,
            floor_area_started,
            snapshot_id
        from {{ source('raw_sdes', 'sitadel_yearly__' ~ level) }}
        where dwelling_type = 'Tous Logements'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Permits are declared with a delay of months: the two newest years will still grow. An empty cell is zero,
-- but in a year that has no figure anywhere, whose starts are not known yet.
dated as (
    select
        published_level,
        territory_code,
        permit_year,
        snapshot_id,
        permit_year > max(permit_year) over (partition by published_level) - 2 as is_recent,
        coalesce(dwellings_authorised, 0 * max(dwellings_authorised) over years) as dwellings_authorised,
        coalesce(dwellings_started, 0 * max(dwellings_started) over years) as dwellings_started,
        coalesce(floor_area_authorised, 0 * max(floor_area_authorised) over years) as floor_area_authorised,
        coalesce(floor_area_started, 0 * max(floor_area_started) over years) as floor_area_started
    from permits
    window years as (partition by published_level, permit_year)
),

figures as (
    select
        published_level,
        territory_code,
        permit_year,
        snapshot_id,
        is_recent,
        series,
        value
    from dated
    unpivot include nulls (
        value for series in (
            dwellings_authorised, dwellings_started, floor_area_authorised, floor_area_started
        )
    )
)

{% for level in levels %}
    select
        {{ observation_columns(level, "permit_year", is_provisional="is_recent") }}
    from figures
    where published_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
