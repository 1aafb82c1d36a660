{#- Grain: series x departement x year. Wood harvested, all outlets, with the certified part and the timber of
it, in thousand m3. Unknown where one of the three outlets has no row.
unique: [series, territory_code, year] -#}
with harvest as (
    select
        departement_code,
        date_mesure,
        value,
        snapshot_id,
        axis_value,
        split_part(axis_value, ' | ', 2) as management
    from {{ source('raw_ecolab', 'ecolab_wood_harvest') }}
),

-- An outlet without a row is neither zero nor secret in the survey: the sum is then unknown.
summed as (
    select
        departement_code,
        date_mesure,
        management,
        if(count(*) = 3, {{ sum_if_complete('value') }}, null) as volume,
        max(snapshot_id) as snapshot_id,
        count(*) as source_rows
    from harvest
    group by departement_code, date_mesure, management
),

-- The certified volume is a part of the whole, as timber is.
volumes as (
    select
        management as series,
        departement_code as territory_code,
        date_mesure,
        volume,
        snapshot_id,
        source_rows
    from summed

    union all

    select
        axis_value as series,
        departement_code as territory_code,
        date_mesure,
        value as volume,
        snapshot_id,
        1 as source_rows
    from harvest
    where axis_value = 'bois_oeuvre | Tout mode de gestion'
)

select
    {{ observation_columns(
        "departement", "year(date_mesure)", "date_mesure", value="volume", source_rows="source_rows"
    ) }}
from volumes
