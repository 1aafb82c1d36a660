{#- Savings of the certificates as observations, by the sector that begins the code of a sheet. -#}
{% macro certificates(raw_table, level) -%}
with

certificates as (

    select
        case split_part(sheet_code, '-', 1)
            when 'BAR' then 'residential'
            when 'BAT' then 'tertiary'
            when 'IND' then 'industrial'
            when 'AGRI' then 'agricultural'
        end || '_certificates_{{ level }}' as indicator_id,
        {{ level }}_code as territory_code,
        year as engagement_year,
        list_sum([savings, poor_household_savings]) as kwh,
        savings_status,
        snapshot_id
    from {{ source('raw_sdes', raw_table) }}

)

select
    {{ observation_columns(level, "'kWh cumac'", "engagement_year", value="kwh", status="savings_status") }}
from certificates
where indicator_id is not null
{%- endmacro %}
