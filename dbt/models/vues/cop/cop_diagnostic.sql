select
    parts.lever_id as levier_id,
    levers.lever_name_fr as levier,
    chantiers.theme_name_fr as thematique,
    {{ territory_columns('parts') }},
    {{ territory_id("'region'", 'parts.region_code') }} as region_id,
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
inner join {{ ref('dim_lever') }} as levers on parts.lever_id = levers.lever_id
inner join {{ ref('bridge_lever_chantier') }} as chantiers on parts.lever_id = chantiers.lever_id
{{ join_territory('parts') }}
inner join {{ ref('dim_territory') }} as regions
    on
        parts.region_code = regions.territory_code
        and regions.territory_level = 'region'
inner join {{ ref('fct_lever_observation') }} as observed
    on
        parts.lever_id = observed.lever_id
        and {{ same_territory('parts', 'observed') }}
        and parts.framework_version = observed.framework_version
left join {{ ref('dim_indicator') }} as indicators on observed.indicator_id = indicators.indicator_id
left join {{ ref('dim_dataset') }} as datasets on observed.dataset_id = datasets.dataset_id
