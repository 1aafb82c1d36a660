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

{#- The levers with a target of all groups (`int_chantier_levers_listed`), each with the verdict that is shown of it.
No model: an intermediate reads no fact of the levers. -#}
{% macro levers_judged() -%}
select
        levers.*,
        coalesce(verdicts.basis, 'none') as basis,
        coalesce(verdicts.reading, 'not_judged') as reading,
        coalesce({{ is_behind('verdicts.reading') }}, false) as is_behind,
        verdicts.lean,
        verdicts.reason_code,
        coalesce(verdicts.group_id, verdicts.lever_id) as judgement_id,
        verdicts.gap_ktco2e,
        {{ sure_lag('verdicts') }} as sure_lag
    from {{ ref('int_chantier_levers_listed') }} as levers
    left join {{ ref('fct_lever_verdict') }} as verdicts
        on
            verdicts.is_shown
            and levers.lever_id = verdicts.lever_id
            and {{ same_territory('levers', 'verdicts') }}
            and levers.framework_version = verdicts.framework_version
{%- endmacro %}
