with

energy as (

    select
        territory_level,
        territory_code,
        electricity + natural_gas as agricultural_energy_consumption,
        natural_gas as agricultural_fossil_consumption,
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
        indicator_id,
        value
    from energy
    unpivot include nulls (
        value for indicator_id in (agricultural_energy_consumption, agricultural_fossil_consumption)
    )

)

{% for level in ['departement', 'epci'] %}
    select
        {{ named_observation_columns(
            level, "'MWh'", "year(start_date)", "start_date", status="'estimated'", is_provisional="true"
        ) }}
    from consumption
    where territory_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
