select
    {{ lever_theme_and_territory_columns('parts') }},
    regions.name as region,
    observed.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    observed.start_year as annee_depart,
    observed.start_value as valeur_depart,
    observed.latest_year as annee,
    observed.latest_date as date_observation,
    observed.latest_value as valeur,
    observed.value_status_label_fr as nature_valeur,
    observed.completeness_pct as completude_pct,
    observed.is_provisional as est_provisoire,
    observed.is_judged as est_jugee,
    observed.reason as motif_absence,
    datasets.attribution as source,
    parts.remark as remarque
from {{ ref('fct_lever_part') }} as parts
{{ join_lever_theme_and_territory('parts') }}
{{ join_region('parts') }}
inner join {{ ref('fct_lever_observation') }} as observed
    on
        parts.lever_id = observed.lever_id
        and {{ same_territory('parts', 'observed') }}
        and parts.framework_version = observed.framework_version
left join {{ ref('dim_indicator') }} as indicators on observed.indicator_id = indicators.indicator_id
left join {{ ref('dim_dataset') }} as datasets on observed.dataset_id = datasets.dataset_id
