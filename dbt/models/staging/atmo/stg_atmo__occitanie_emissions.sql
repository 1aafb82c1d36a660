{#- Grain: EPCI, departement or region x year. Tonnes of CO2 alone, as Atmo Occitanie publishes each level:
none is the sum of another.
unique: [series, territory_level, territory_code, year] -#}
{% for level in ['epci', 'departement', 'region'] %}
    {% set raw_table = 'atmo_occitanie_emissions__' ~ level %}
    select
        {{ observation_columns(level, "emission_year", value="co2", status="'estimated'") }}
    from (
        select
            'co2' as series,
            {{ level }}_code as territory_code,
            year as emission_year,
            co2,
            snapshot_id
        from {{ source('raw_atmo', raw_table) }}
    ) as emissions
    {% if not loop.last %}union all{% endif %}
{% endfor %}
