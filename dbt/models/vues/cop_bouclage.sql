select
    closing.levier_id,
    closing.levier,
    {{ territory_id("'region'", 'closing.code_region') }} as region_id,
    closing.region,
    closing.horizon,
    closing.mesure,
    closing.mesure_libelle,
    closing.unite_libelle as unite,
    closing.niveau,
    coalesce(
        {{ label_fr('territory_level', 'closing.niveau') }},
        {{ label_fr('territory_group', 'closing.niveau') }}
    ) as niveau_libelle,
    closing.cible_region,
    closing.nouvelle_ambition_region,
    closing.territoires_comptes,
    closing.territoires_sans_ambition_chiffree,
    closing.territoires_non_comptes,
    closing.motif_non_comptes,
    closing.demande,
    closing.fait_ou_prevu,
    closing.nouvelle_ambition,
    closing.ecart_a_la_cible,
    closing.bouclage_pct,
    closing.ecart_a_la_part_indicative,
    closing.part_cible_couverte_pct,
    closing.population_couverte_pct
from {{ ref('mart_cop_bouclage') }} as closing
