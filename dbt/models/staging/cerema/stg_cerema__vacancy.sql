with

measured as (

    select
        commune_code as territory_code,
        value,
        snapshot_id,
        case measure
            when 'Nb_log_pp' then 'private_dwellings'
            when 'Prop_logvac_pp_2A' then 'private_vacancy_over_2_years_rate'
        end as indicator_id,
        case measure
            when 'Nb_log_pp' then 'dwellings'
            when 'Prop_logvac_pp_2A' then '%'
        end as unit,
        case measure
            when 'Nb_log_pp' then make_date(cast(date_text as integer), 1, 1)
            when 'Prop_logvac_pp_2A' then cast(strptime(date_text, '%d%m%y') as date)
        end as measured_on
    from {{ source('raw_cerema', 'cerema_vacancy_2021') }}

)

select
    {{ named_observation_columns(
        "commune", "unit", "year(measured_on)", "measured_on", status="'estimated'"
    ) }}
from measured
where indicator_id is not null
