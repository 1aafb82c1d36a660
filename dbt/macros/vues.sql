{#- The one key of a territory for tools that take one column: its level and its code, such as epci:243400017. -#}
{% macro territory_id(level, code) %}{{ level }} || ':' || {{ code }}{% endmacro %}

{#- What a line of `verdicts` says: series, reading, basis and reason. -#}
{% macro reading_columns() -%}
verdicts.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    verdicts.reading as lecture,
    verdicts.reading_label_fr as lecture_libelle,
    verdicts.lean as tendance,
    verdicts.lean_label_fr as tendance_libelle,
    verdicts.basis as base,
    verdicts.basis_label_fr as base_libelle,
    verdicts.decided_by as decide_par,
    verdicts.reason_code as raison_code,
    verdicts.reason as raison,
    verdicts.covers as couverture,
    verdicts.covers_label_fr as couverture_libelle,
    verdicts.confidence as confiance,
    verdicts.latest_year as annee,
    verdicts.latest_value as valeur_comparee,
    verdicts.latest_published_value as valeur_publiee,
    verdicts.path_value as valeur_attendue,
    verdicts.target_value as valeur_visee,
    verdicts.gap as ecart,
    verdicts.uncertainty as incertitude,
    verdicts.way_done as part_faite,
    verdicts.way_due as part_attendue,
    verdicts.way_uncertainty as part_incertitude
{%- endmacro %}

{#- The columns that name the territory of a row, from `dim_territory` as `territories`. -#}
{% macro territory_columns(rows) -%}
{{ territory_id(rows ~ '.territory_level', rows ~ '.territory_code') }} as territoire_id,
    {{ rows }}.territory_level as niveau,
    {{ rows }}.territory_code as code_territoire,
    territories.name as territoire
{%- endmacro %}

{#- The columns that name the lever and the territory of a row. -#}
{% macro lever_and_territory_columns(rows) -%}
{{ rows }}.lever_id as levier_id,
    levers.lever_name_fr as levier,
    {{ territory_columns(rows) }}
{%- endmacro %}

{#- The columns that name the lever, its theme, the territory and the region of a row. -#}
{% macro lever_theme_and_territory_columns(rows) -%}
{{ rows }}.lever_id as levier_id,
    levers.lever_name_fr as levier,
    chantiers.theme_name_fr as thematique,
    {{ territory_columns(rows) }},
    {{ territory_id("'region'", rows ~ '.region_code') }} as region_id
{%- endmacro %}

{#- Joins rows to their lever, its theme and their territory, under the targets in force. -#}
{% macro join_lever_theme_and_territory(rows) -%}
{{ join_lever_and_territory(rows) }}
inner join {{ ref('bridge_lever_chantier') }} as chantiers on {{ rows }}.lever_id = chantiers.lever_id
{%- endmacro %}

{#- Joins rows to the region of their `region_code`. -#}
{% macro join_region(rows) -%}
inner join {{ ref('dim_territory') }} as regions
    on
        {{ rows }}.region_code = regions.territory_code
        and regions.territory_level = 'region'
{%- endmacro %}

{#- The columns of the unit, the factor and the decimals in which an amount of the unit of `indicators` reads best. -#}
{% macro scale_columns(amount, value='null', expected='null') -%}
scales.display_unit_fr as unite_affichee,
    scales.display_factor as facteur_affichage,
    {{ scale_decimals(amount, value, expected) }} as decimales
{%- endmacro %}

{#- Decimals of a scale: none from 100 on and none for a count; otherwise enough, up to three, to show two significant
figures of the value and of the expected value, and to tell the two apart. -#}
{% macro scale_decimals(amount, value, expected) -%}
case
        when scales.display_decimals = 0 then 0
        else
            least(
                3,
                greatest(
                    case when {{ amount }} * scales.display_factor >= 100 then 0 else scales.display_decimals end,
                    1 - floor(log10(nullif(least(abs({{ value }}), abs({{ expected }})) * scales.display_factor, 0))),
                    ceil(-log10(nullif(abs({{ value }} - {{ expected }}) * scales.display_factor, 0)))
                )
            )::integer
    end
{%- endmacro %}

{#- Joins the scale in which an amount of the unit of `indicators` reads best. -#}
{% macro join_scale(amount) -%}
asof left join {{ ref('dim_unit_scale') }} as scales
    on
        indicators.unit = scales.unit
        and {{ amount }} >= scales.at_least
{%- endmacro %}

{#- The series that a lever shows in a territory: the one that judges it or, where none does, the one that a COP looks at.
No model: an intermediate reads no fact of the levers, and a view is published. -#}
{% macro series_shown() -%}
select
        verdicts.lever_id,
        verdicts.territory_level,
        verdicts.territory_code,
        verdicts.framework_version,
        verdicts.basis,
        coalesce(verdicts.indicator_id, observed.indicator_id) as indicator_id,
        verdicts.reading <> 'not_judged' as is_judged,
        verdicts.composed_of
    from {{ ref('fct_lever_verdict') }} as verdicts
    left join {{ ref('fct_lever_observation') }} as observed
        on
            verdicts.lever_id = observed.lever_id
            and {{ same_territory('verdicts', 'observed') }}
            and verdicts.framework_version = observed.framework_version
    where
        verdicts.is_shown
        and coalesce(verdicts.indicator_id, observed.indicator_id) is not null
{%- endmacro %}

{#- Label of a key: `measured_label_fr` for regions and departements, else `key_label_fr`. -#}
{% macro key_name(level) -%}
case
        when {{ level }} in ('region', 'departement') then allocation_keys.measured_label_fr
        else allocation_keys.key_label_fr
    end
{%- endmacro %}
