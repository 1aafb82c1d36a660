{{ config(tags=['star']) }}

select
    dataset_id as jeu_id,
    title_fr as jeu,
    attribution as source,
    producer as producteur_code,
    status as statut,
    status_label_fr as statut_libelle,
    status = 'planned' as est_prevu,
    licence_label_fr as licence,
    licence_url as adresse_licence,
    homepage as page_du_jeu,
    cadence_label_fr as cadence,
    verified as est_verifie,
    verified_note_fr as note
from {{ ref('dim_dataset') }}
