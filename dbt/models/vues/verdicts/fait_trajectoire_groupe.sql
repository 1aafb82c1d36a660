{% set largest -%}
greatest(
            abs(verdicts.start_value),
            abs(verdicts.latest_value),
            abs(verdicts.path_value),
            abs(verdicts.target_value)
        )
{%- endset %}
-- The line that `fait_lecture_groupe` shows of each group, year by year.
select
    verdicts.group_id as groupe_id,
    {{ label_fr('verdict_group', 'verdicts.group_id') }} as groupe,
    {{ territory_columns('trajectories') }},
    trajectories.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    {{ scale_columns(largest, 'verdicts.latest_value', 'verdicts.path_value') }},
    verdicts.target_year as annee_visee,
    trajectories.target_value as valeur_visee,
    verdicts.smoothing_years as lissage_annees,
    trajectories.year as annee,
    trajectories.observed_value as valeur_observee,
    trajectories.compared_value as valeur_comparee,
    trajectories.path_value as valeur_attendue,
    trajectories.uncertainty as incertitude
from {{ ref('fct_lever_trajectory') }} as trajectories
inner join {{ ref('fct_lever_verdict') }} as verdicts
    on {{ same_line('trajectories', 'verdicts') }} and verdicts.group_id is not null
{{ join_framework_in_force('verdicts') }}
{{ join_territory('trajectories') }}
inner join {{ ref('dim_indicator') }} as indicators on trajectories.indicator_id = indicators.indicator_id
{{ join_scale(largest) }}
qualify row_number() over (
    partition by verdicts.group_id, verdicts.territory_level, verdicts.territory_code, trajectories.year
    order by verdicts.judges desc, verdicts.lever_id asc
) = 1
