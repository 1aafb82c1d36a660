{#- Whether a lever applies in a region: the levers of Corse and of overseas apply only there. -#}
{% macro is_lever_of_region(lever_id, region_code) -%}
(
        {{ lever_id }} not in (select own.lever_id from {{ ref('int_lever_own_regions') }} as own)
        or ({{ lever_id }}, {{ region_code }}) in (
            select (own.lever_id, own.region_code) from {{ ref('int_lever_own_regions') }} as own
        )
    )
{%- endmacro %}

{#- Whether the lever of a verdict applies in its territory; a quantified lever needs a target of its region. -#}
{% macro is_lever_of_territory() -%}
(
        not levers.is_quantified
        or exists (
            select 1
            from {{ ref('fct_lever_target') }} as targets
            where
                targets.lever_id = verdicts.lever_id
                and targets.framework_version = verdicts.framework_version
                and targets.territory_level = 'region'
                and targets.territory_code = coalesce(territories.region_code, territories.territory_code)
        )
    )
{%- endmacro %}

{#- Joins rows to their territory, which is one of the scope where asked. -#}
{% macro join_territory(rows, in_scope=false) -%}
inner join {{ ref('dim_territory') }} as territories
    on
        {{ same_territory(rows, 'territories') }}
        {%- if in_scope %}
        and territories.is_in_scope
        {%- endif %}
{%- endmacro %}

{#- Joins rows to their lever and their territory, under the targets in force. -#}
{% macro join_lever_and_territory(rows, in_scope=false) -%}
{{ join_framework_in_force(rows) }}
inner join {{ ref('dim_lever') }} as levers on {{ rows }}.lever_id = levers.lever_id
{{ join_territory(rows, in_scope) }}
{%- endmacro %}
