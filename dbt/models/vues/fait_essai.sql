select
    variants.lever_id as levier_id,
    levers.lever_name_fr as levier,
    {{ territory_id('variants.territory_level', 'variants.territory_code') }} as territoire_id,
    variants.territory_level as niveau,
    variants.territory_code as code_territoire,
    territories.name as territoire,
    variants.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    variants.basis as base,
    verdicts.basis_label_fr as base_libelle,
    verdicts.is_shown as est_affiche,
    variants.kind as mode_lecture,
    variants.kind_label_fr as mode_libelle,
    variants.start_year as annee_depart,
    variants.start_value as valeur_depart,
    variants.end_year as annee,
    variants.end_value as valeur,
    variants.path_value as valeur_attendue,
    variants.gap as ecart,
    variants.moves_away_by as s_eloigne_de,
    variants.is_main as est_retenu
from {{ ref('fct_verdict_variant') }} as variants
inner join {{ ref('fct_lever_verdict') }} as verdicts
    on {{ same_line('variants', 'verdicts') }}
inner join {{ ref('dim_framework') }} as frameworks
    on
        variants.framework_version = frameworks.framework_version
        and frameworks.is_target_version
inner join {{ ref('dim_lever') }} as levers on variants.lever_id = levers.lever_id
inner join {{ ref('dim_indicator') }} as indicators on variants.indicator_id = indicators.indicator_id
inner join {{ ref('dim_territory') }} as territories
    on
        variants.territory_level = territories.territory_level
        and variants.territory_code = territories.territory_code
