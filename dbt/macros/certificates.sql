{#- Savings of the certificates as observations, by the sector that begins the code of a sheet: the two columns are
disjoint, and an empty one is none. -#}
{% macro certificates(savings_by_sheet, level) -%}
with

certificates as (

    select
        case split_part(sheet_code, '-', 1)
            when 'BAR' then 'residential'
            when 'BAT' then 'tertiary'
            when 'IND' then 'industrial'
            when 'AGRI' then 'agricultural'
        end || '_certificates_{{ level }}' as indicator_id,
        coalesce({{ level }}_code, 'unknown') as territory_code,
        year as engagement_year,
        case
            when 'secret' not in (savings_status, poor_household_savings_status)
                then list_sum([savings, poor_household_savings])
        end as kwh,
        if('secret' in (savings_status, poor_household_savings_status), 'secret', 'observed') as kwh_status,
        snapshot_id
    from {{ savings_by_sheet }}

)

select
    {{ named_observation_columns(level, "'kWh cumac'", "engagement_year", value="kwh", status="kwh_status") }}
from certificates
where indicator_id is not null
{%- endmacro %}
