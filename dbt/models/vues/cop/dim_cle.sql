{{ config(tags=['star']) }}

select
    allocation_keys.key_id as cle_id,
    allocation_keys.key_label_fr as cle,
    allocation_keys.indicator_id as indicateur_id,
    measured.label_fr as indicateur,
    measured.unit_label_fr as unite,
    allocation_keys.spread_indicator_id as indicateur_ventilation_id,
    spreads.label_fr as indicateur_ventilation,
    allocation_keys.key_level_label_fr as niveau_connu,
    allocation_keys.lever_count as nombre_leviers,
    allocation_keys.own_key_count as nombre_leviers_cle_de_l_etat,
    allocation_keys.has_values as a_des_valeurs,
    measured.last_year as derniere_annee,
    measured.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    datasets.attribution as source,
    datasets.licence_label_fr as licence
from {{ ref('dim_allocation_key') }} as allocation_keys
inner join {{ ref('dim_indicator') }} as measured on allocation_keys.indicator_id = measured.indicator_id
left join {{ ref('dim_indicator') }} as spreads on allocation_keys.spread_indicator_id = spreads.indicator_id
left join {{ ref('dim_dataset') }} as datasets on measured.dataset_id = datasets.dataset_id
