{#- Grain: series x commune, departement or region x year. Private dwellings at 1 January, the vacant ones and
those vacant for more than two years; counts below 11 are secret, so that a departement's own figure is more
than the sum of its communes. Of several editions, the newest one counts.
unique: [series, territory_level, territory_code, year] -#}
-- An edition repeats the years of those before it, restated: the newest one counts.
{% set levels = ["commune", "departement", "region"] %}

with
{% for level in levels %}
    {{ level }}_counts as (
        select
            {{ level }}_code as territory_code,
            2000 + cast(year_suffix as integer) as stock_year,
            dwellings,
            dwellings_status,
            snapshot_id,
            -- two names of what is vacant for more than two years
            if(measure = 'pp_vacant_longue_duree', 'pp_vacant_plus_2ans', measure) as series,
            max(year_suffix) over (partition by snapshot_id) as edition
        from {{ source('raw_dgaln', 'lovac_commune__' ~ level) }}
    ),

    {{ level }}_newest as (
        select *
        from {{ level }}_counts
        qualify row_number() over (
            partition by series, territory_code, stock_year
            order by edition desc
        ) = 1
    ){% if not loop.last %},{% endif %}
{% endfor %}

{% for level in levels %}
    select
        {{ observation_columns(
            level, "stock_year", value="dwellings", status="dwellings_status"
        ) }}
    from {{ level }}_newest
    {% if not loop.last %}union all{% endif %}
{% endfor %}
