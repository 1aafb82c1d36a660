{#- Whether a lever applies in a region: the levers of Corse and of overseas apply only there. -#}
{% macro is_lever_of_region(lever_id, region_code) -%}
(
        {{ lever_id }} not in (select own.lever_id from {{ ref('int_lever_own_regions') }} as own)
        or ({{ lever_id }}, {{ region_code }}) in (
            select (own.lever_id, own.region_code) from {{ ref('int_lever_own_regions') }} as own
        )
    )
{%- endmacro %}
