{#- Why a lever shows no series in a territory, by the series that a COP looks at or the coverage of its level. -#}
{% macro why_nothing_observed() -%}
case
        when observations.latest_value is not null then null
        when observations.reason is not null then observations.reason
        when coverage.reason is not null then coverage.reason
        when coverage.has_series
            then (
                select reasons.label_fr
                from {{ ref('verdict_reasons') }} as reasons
                where reasons.code = 'not_named'
            )
        else 'Aucune série ne mesure ce levier à cet échelon.'
    end
{%- endmacro %}
