select
    {{ territory_id("'region'", 'figures.region_code') }} as territoire_id,
    regions.name as territoire,
    figures.framework as cadre,
    figures.metric as grandeur_code,
    figures.metric_label_fr as grandeur,
    figures.metric = 'ghg' as est_d_emissions,
    figures.kind as role,
    figures.kind_label_fr as role_libelle,
    figures.nature,
    figures.nature_label_fr as nature_libelle,
    figures.start_year as annee_depart,
    figures.horizon_year as horizon,
    figures.value as valeur,
    figures.unit_label_fr as unite,
    figures.lever_id as levier_id,
    figures.indicator_id as indicateur_id,
    figures.confidence as confiance,
    figures.confidence_label_fr as confiance_libelle,
    figures.confidence = 'confirmed' as est_confirme,
    figures.source
from {{ ref('fct_regional_figure') }} as figures
{{ join_region('figures') }}
where regions.is_in_scope
