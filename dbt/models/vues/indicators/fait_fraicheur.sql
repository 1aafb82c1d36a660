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
    datasets.licence_label_fr as licence,
    datasets.cadence_label_fr as cadence,
    datasets.cadence_days as cadence_jours,
    files.file_count as nombre_fichiers,
    files.retrieved_at_utc as derniere_recuperation,
    date_diff('day', cast(files.retrieved_at_utc as date), current_date) as age_fichier_jours,
    {{ up_to_receipt('datasets.last_period_end', 'files.retrieved_at_utc') }} as derniere_periode_observee,
    date_diff('day', derniere_periode_observee, current_date) as age_observation_jours,
    case
        when datasets.retired_since is null
            then
                derniere_periode_observee
                + datasets.cadence_days
                + least(datasets.cadence_days, {{ threshold('longest_wait') }})
    end as prochaine_attendue_le,
    current_date > prochaine_attendue_le as est_en_retard,
    datasets.loaded_rows as lignes_chargees,
    datasets.quarantined_rows as lignes_ecartees,
    datasets.verified as est_verifiee
from {{ ref('dim_dataset') }} as datasets
inner join files on datasets.dataset_id = files.dataset_id
