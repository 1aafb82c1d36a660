{#- Grain: commune, departement or region x year. Social dwellings at 1 January since 2013, as the newest
edition gives them. Rows of totals have no code and are left out.
unique: [territory_level, territory_code, year] -#}
{% set levels = ["commune", "departement", "region"] %}

with stocks as (
    {% for level in levels %}
        select
            '{{ level }}' as published_level,
            {{ level }}_code as territory_code,
            if(stock = 'ls', year(reference_date), cast(right(stock, 4) as integer)) as stock_year,
            nb_ls,
            reference_date as edition_date,
            snapshot_id
        from {{ source('raw_sdes', 'rpls_workbook__' ~ level) }}
        where regexp_full_match({{ level }}_code, '[0-9]{2}|2[AB]|([0-9]{2}|2[AB])[0-9]{3}|97[0-9]')
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- An edition restates the years of those before it.
newest as (
    select
        published_level,
        territory_code,
        stock_year,
        nb_ls,
        snapshot_id,
        'nb_ls' as series
    from stocks
    qualify row_number() over (
        partition by published_level, territory_code, stock_year
        order by edition_date desc
    ) = 1
)

{% for level in levels %}
    select
        {{ observation_columns(level, "stock_year", value="nb_ls") }}
    from newest
    where published_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
