{{ config(tags=['star']) }}

select
    {{ territory_columns('compared') }},
    compared.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    compared.year as annee,
    compared.value as valeur,
    compared.compared_unit_fr as unite,
    compared.similar_count as semblables,
    compared.similar_last_rank as rang_du_plus_lointain,
    compared.similar_median as mediane_semblables,
    compared.similar_lower_quartile as premier_quartile_semblables,
    compared.similar_upper_quartile as troisieme_quartile_semblables,
    compared.similar_least as minimum_semblables,
    compared.similar_most as maximum_semblables,
    compared.similar_zeros as semblables_a_zero,
    compared.similar_rank as rang_parmi_semblables,
    compared.adjacent_count as limitrophes,
    compared.adjacent_median as mediane_limitrophes,
    compared.adjacent_rank as rang_parmi_limitrophes,
    compared.region_value as valeur_region,
    compared.is_far_from_region as est_loin_de_la_region,
    compared.dataset_id as jeu_id,
    compared.snapshot_id as fichier_id
from {{ ref('fct_territory_comparison') }} as compared
{{ join_territory('compared') }}
inner join {{ ref('dim_indicator') }} as indicators on compared.indicator_id = indicators.indicator_id
