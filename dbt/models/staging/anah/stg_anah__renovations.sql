{#- Grain: series x territory x year. Dwellings whose works the Anah subsidised, those renovated in depth
among them, and the subsidies (EUR), at the levels that the files hold; a total is not made from them where it
is given.
unique: [series, territory_level, territory_code, year] -#}
with renovations as (
    select
        territory_level as received_level,
        -- a spreadsheet loses the leading zero
        case
            when territory_level = 'commune' then lpad(territory_code, 5, '0')
            when length(territory_code) = 1 then '0' || territory_code
            else territory_code
        end as territory_code,
        year as decision_year,
        dwellings,
        dwellings_status,
        deep_renovations,
        deep_renovations_status,
        subsidies,
        subsidies_status,
        snapshot_id
    from {{ source('raw_anah', 'anah_maprimerenov') }}
),

observed as (
    {% for column in ['dwellings', 'deep_renovations', 'subsidies'] %}
        select
            '{{ column }}' as series,
            received_level,
            territory_code,
            decision_year,
            {{ column }} as value,
            {{ column }}_status as figure_status,
            snapshot_id
        from renovations
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{% for level in ["commune", "epci", "departement", "region"] %}
    select
        {{ observation_columns(level, "decision_year", status="figure_status") }}
    from observed
    where received_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
