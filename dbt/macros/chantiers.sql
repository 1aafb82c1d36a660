{#- The key of a group of levers (a chantier, a theme, all) in a territory; the pays has no region. -#}
{% macro group_key(groups, territories) -%}
concat_ws(
        '|',
        {{ groups }}.group_kind,
        {{ groups }}.group_id,
        {{ territories }}.territory_level,
        {{ territories }}.territory_code,
        {{ territories }}.region_code,
        {{ territories }}.framework_version,
        {{ territories }}.horizon_year
    )
{%- endmacro %}
