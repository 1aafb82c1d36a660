{#- Grain: series x departement or EPCI. Both levels are published and the EPCI sum to more than the
departements, not only by those across the border. Fossil is natural gas alone.
unique: [series, territory_level, territory_code, year] -#}
with energy as (
    select
        territory_level,
        territory_code,
        electricity + natural_gas as electricity_and_gas,
        natural_gas,
        reference_date as start_date,
        snapshot_id
    from {{ source('raw_agreste', 'agreste_energy') }}
),

consumption as (
    select
        territory_level,
        territory_code,
        start_date,
        snapshot_id,
        series,
        value
    from energy
    unpivot include nulls (value for series in (electricity_and_gas, natural_gas))
)

{% for level in ['departement', 'epci'] %}
    select
        {{ observation_columns(
            level, "year(start_date)", "start_date", status="'estimated'", is_provisional="true"
        ) }}
    from consumption
    where territory_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
