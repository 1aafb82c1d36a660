{{ config(tags=['star']) }}

with files as (
    select
        dataset_id,
        count(*) as file_count,
        max(retrieved_at_utc) as retrieved_at_utc
    from {{ ref('dim_snapshot') }}
    group by dataset_id
)

select
    datasets.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    datasets.attribution as source,
    datasets.producer as producteur_code,
    datasets.status as statut,
    datasets.status_label_fr as statut_libelle,
    datasets.status = 'planned' as est_prevu,
    datasets.licence_label_fr as licence,
    datasets.licence_url as adresse_licence,
    datasets.homepage as page_du_jeu,
    datasets.cadence_label_fr as cadence,
    datasets.cadence_days as cadence_jours,
    files.file_count as nombre_fichiers,
    files.retrieved_at_utc as derniere_recuperation,
    {{ up_to_receipt('datasets.last_period_end', 'files.retrieved_at_utc') }} as derniere_periode_observee,
    derniere_periode_observee
    + datasets.cadence_days
    + least(datasets.cadence_days, {{ threshold('longest_wait') }}) as prochaine_attendue_le,
    if(files.file_count is null, null, datasets.loaded_rows) as lignes_chargees,
    if(files.file_count is null, null, datasets.quarantined_rows) as lignes_ecartees,
    datasets.verified as est_verifie,
    datasets.verified_note_fr as note
from {{ ref('dim_dataset') }} as datasets
left join files on datasets.dataset_id = files.dataset_id
