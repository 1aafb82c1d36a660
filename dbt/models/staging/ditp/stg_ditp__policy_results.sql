-- The files repeat some rows exactly.
with

results as (

    select distinct
        result_id,
        departement_code,
        date_mesure,
        value,
        snapshot_id
    from {{ source('raw_ditp', 'barometre_resultats_departement') }}

),

-- Stocks are read at the last date of a year; a cumulative count becomes the flow of the year.
series (result_id, indicator_id, unit, is_cumulative) as (

    values
    ('nb-maprimerenov-valides', 'maprimerenov_validated', 'files', true),
    ('surface-agriculture-biologique', 'organic_area_share_departement', '%', false),
    ('nb-agriculteurs-agro-eco', 'agroecology_farmers', 'farmers', false),
    ('km-amenagement-cyclables-securises', 'secure_cycle_routes', 'km', false),
    ('nb-points-recharge', 'charging_points_deployed', 'points', false)

),

last_of_year as (

    select
        series.indicator_id,
        series.unit,
        series.is_cumulative,
        results.departement_code as territory_code,
        year(results.date_mesure) as result_year,
        max(results.date_mesure) as last_date,
        max_by(results.value, results.date_mesure) as last_value,
        max(results.snapshot_id) as snapshot_id
    from results
    inner join series on results.result_id = series.result_id
    group by all

),

yearly as (

    select
        indicator_id,
        unit,
        territory_code,
        result_year,
        snapshot_id,
        if(is_cumulative, make_date(result_year, 1, 1), last_date) as measured_on,
        month(last_date) < 12 as is_incomplete,
        last_value - if(
            is_cumulative,
            coalesce(
                lag(last_value) over (partition by indicator_id, territory_code order by result_year), 0
            ),
            0
        ) as figure
    from last_of_year

)

select
    {{ observation_columns(
        "departement", "unit", "result_year", "measured_on", value="figure", is_provisional="is_incomplete"
    ) }}
from yearly
