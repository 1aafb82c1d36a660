{{ config(materialized='kept_table') }}
select
    ambitions.lever_id as levier_id,
    levers.lever_name_fr as levier,
    {{ territory_id("'region'", 'ambitions.region_code') }} as region_id,
    regions.name as region,
    ambitions.horizon_year as horizon,
    ambitions.measure as mesure,
    if(ambitions.measure = 'ktco2e_avoided', 'ktCO2e évitées', 'évolution depuis 2019') as mesure_libelle,
    if(ambitions.measure = 'ktco2e_avoided', 'ktCO2e', levers.target_unit_label_fr) as unite,
    ambitions.level_shown as niveau,
    coalesce(
        {{ label_fr('territory_level', 'ambitions.level_shown') }},
        {{ label_fr('territory_group', 'ambitions.level_shown') }}
    ) as niveau_libelle,
    ambitions.region_target as cible_region,
    ambitions.region_ambition as nouvelle_ambition_region,
    ambitions.territory_count as territoires_comptes,
    ambitions.without_ambition_count as territoires_sans_ambition_chiffree,
    ambitions.overlapping_count as territoires_non_comptes,
    ambitions.overlapping_names as motif_non_comptes,
    ambitions.asked as demande,
    ambitions.done_or_planned as fait_ou_prevu,
    ambitions.new_ambition as nouvelle_ambition,
    ambitions.target_gap as ecart_a_la_cible,
    ambitions.target_pct as bouclage_pct,
    ambitions.part_gap as ecart_a_la_part_indicative,
    ambitions.part_pct as part_cible_couverte_pct,
    ambitions.population_pct as population_couverte_pct
from {{ ref('fct_lever_ambition') }} as ambitions
inner join {{ ref('dim_lever') }} as levers on ambitions.lever_id = levers.lever_id
{{ join_region('ambitions') }}
