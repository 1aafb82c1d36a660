{% set largest -%}
greatest(
            abs(verdicts.start_value),
            abs(verdicts.latest_value),
            abs(verdicts.path_value),
            abs(verdicts.target_value)
        )
{%- endset %}
select
    {{ lever_and_territory_columns('verdicts') }},
    verdicts.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    {{ scale_columns(largest, 'verdicts.latest_value', 'verdicts.path_value') }},
    verdicts.basis as base,
    verdicts.basis_label_fr as base_libelle,
    verdicts.start_year as annee_depart,
    verdicts.start_value as valeur_depart,
    verdicts.start_label_fr as depart_libelle,
    verdicts.target_year as annee_visee,
    verdicts.target_value as valeur_visee,
    verdicts.pace_observed as rythme_observe,
    verdicts.pace_required as rythme_necessaire,
    verdicts.smoothing_years as lissage_annees,
    case
        when verdicts.climate_correction <> 'none' then verdicts.climate_correction_label_fr
    end as correction_climat_libelle,
    verdicts.joint_with as serie_commune_avec,
    strategies.strategy_fr as strategie
from {{ ref('fct_lever_verdict') }} as verdicts
{{ join_lever_and_territory('verdicts') }}
inner join {{ ref('dim_indicator') }} as indicators on verdicts.indicator_id = indicators.indicator_id
{{ join_scale(largest) }}
left join {{ ref('bridge_verdict_national_target') }} as strategies
    on {{ same_rule('verdicts', 'strategies') }}
where
    verdicts.is_shown
    and verdicts.start_value is not null
    and verdicts.target_value is not null
