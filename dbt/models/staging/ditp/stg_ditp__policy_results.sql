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

-- Files are counted since the start of MaPrimeRénov': a stock, whose yearly growth is a flow.
series (result_id, indicator_id, flow_id, unit) as (

    values
    ('nb-maprimerenov-valides', 'maprimerenov_cumulative', 'maprimerenov_validated', 'files'),
    ('surface-agriculture-biologique', 'organic_area_share_departement', null, '%'),
    ('nb-agriculteurs-agro-eco', 'agroecology_farmers', null, 'farmers'),
    ('km-amenagement-cyclables-securises', 'secure_cycle_routes', null, 'km'),
    ('nb-points-recharge', 'charging_points_deployed', null, 'points')

),

readings as (

    select
        series.indicator_id,
        series.flow_id,
        series.unit,
        'departement' as territory_level,
        results.departement_code as territory_code,
        results.date_mesure as read_on,
        results.value,
        results.snapshot_id
    from results
    inner join series on results.result_id = series.result_id

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

select
    {{ named_observation_columns(
        "departement", "unit", "figure_year", "figure_date", value="figure", is_provisional="is_incomplete"
    ) }}
from yearly
