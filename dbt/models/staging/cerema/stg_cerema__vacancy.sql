{#- Grain: series x commune x year. Private dwellings of 2022, and share of those vacant for two years at 1
January 2021: two dates, so the one is not the denominator of the other.
unique: [series, territory_code, year] -#}
with measured as (
    select
        commune_code as territory_code,
        measure as series,
        value,
        snapshot_id,
        case measure
            when 'Nb_log_pp' then make_date(cast(date_text as integer), 1, 1)
            when 'Prop_logvac_pp_2A' then cast(strptime(date_text, '%d%m%y') as date)
        end as measured_on
    from {{ source('raw_cerema', 'cerema_vacancy_2021') }}
)

select
    {{ observation_columns("commune", "year(measured_on)", "measured_on", status="'estimated'") }}
from measured
