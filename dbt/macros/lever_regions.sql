{#- Whether a lever is one of a region's: those of Corse and of overseas are of no other. -#}
{% macro is_lever_of_region(lever_id, region_code) -%}
(
        {{ lever_id }} not in (select own.lever_id from {{ ref('int_lever_own_regions') }} as own)
        or ({{ lever_id }}, {{ region_code }}) in (
            select (own.lever_id, own.region_code) from {{ ref('int_lever_own_regions') }} as own
        )
    )
{%- endmacro %}
