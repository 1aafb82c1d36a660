{#- Grain: series x departement x year. Results of the barometer that bear on a lever: the last value of the
year, and of the running total of MaPrimeRénov' files what each full year added to it. The organic share has
no denominator here.
unique: [series, territory_code, year] -#}
with readings as (
    select
        result_id as series,
        -- files are counted since the start of MaPrimeRénov': a stock, whose yearly growth is a flow
        result_id = 'nb-maprimerenov-valides' as is_running_total,
        'departement' as territory_level,
        departement_code as territory_code,
        date_mesure as read_on,
        value,
        snapshot_id,
        source_rows
    from {{ ref('stg_ditp__policy_results') }}
),

{{ yearly_readings('readings') }}

select
    {{ observation_columns(
        "departement", "figure_year", "figure_date", value="figure", is_provisional="is_incomplete",
        source_rows="source_rows"
    ) }}
from yearly
