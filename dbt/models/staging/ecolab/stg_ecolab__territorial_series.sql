{#- Grain: series x level x territory x date. Series of the hub's files by commune, departement and EPCI in
the unit of the file, counted as `hub_series` says; the two parents of a rate, and never the rate.
unique: [series, territory_level, territory_code, reference_date] -#}
{#- A series has a row per category: a value or a numerator is the sum of them, a denominator is a total that
each of them repeats. The hub leaves the categories that an indicator does not count empty: they are no gap. -#}
{% set levels = ['commune', 'departement', 'epci'] %}

with published as (
    {% for level in levels %}
        select
            '{{ level }}' as file_level,
            hub_id,
            {{ level }}_code as territory_code,
            date_mesure,
            category,
            second_category,
            value,
            numerator,
            denominator,
            snapshot_id,
            count(*) as source_rows
        from {{ source('raw_ecolab', 'ecolab_hub__' ~ level) }}
        {% if level == 'epci' %}where not starts_with(epci_code, 'Z'){% endif %}
        group by all
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

measured as (
    select
        concat_ws('/', counted.hub_id, counted.category, counted.second_category, counted.measure) as series,
        counted.measure,
        counted.value_status as measure_status,
        published.file_level,
        published.territory_code,
        published.date_mesure,
        published.snapshot_id,
        published.source_rows,
        case counted.measure
            when 'value' then published.value
            when 'numerator' then published.numerator
            when 'denominator' then published.denominator
        end as figure
    from published
    inner join {{ ref('hub_series') }} as counted
        on
            published.hub_id = counted.hub_id
            and (counted.category is null or published.category = counted.category)
            -- a file that has no kinds of vehicles holds the one of its indicator
            and coalesce(published.second_category = counted.second_category, true)
),

summed as (
    select
        series,
        file_level,
        territory_code,
        date_mesure,
        any_value(measure_status) as measure_status,
        max(snapshot_id) as snapshot_id,
        sum(source_rows) as source_rows,
        if(any_value(measure) = 'denominator', max(figure), {{ weighted_sum('figure', '1') }}) as figure
    from measured
    group by series, file_level, territory_code, date_mesure
)

{% for level in levels %}
    select
        {{ observation_columns(
            level, "year(date_mesure)", "date_mesure", value="figure", status="measure_status",
            source_rows="source_rows"
        ) }}
    from summed
    where file_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
