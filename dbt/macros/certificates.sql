{#- Savings of the certificates as observations, by the sector that begins the code of a sheet: the two columns are
disjoint, and an empty one is no saving. -#}
{% macro certificates(savings_by_sheet, level) -%}
with certificates as (
    select
        split_part(sheet_code, '-', 1) as series,
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
    {{ observation_columns(level, "engagement_year", value="kwh", status="kwh_status") }}
from certificates
-- the certificates of networks (RES) and transport (TRA) stay in the raw table
where series not in ('RES', 'TRA')
{%- endmacro %}
