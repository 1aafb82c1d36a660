with files as (
    select
        dataset_id,
        count(*) as file_count,
        max(retrieved_at_utc) as retrieved_at_utc,
        max(last_reference_date) as last_reference_date
    from {{ ref('dim_snapshot') }}
    group by dataset_id
)

select
    datasets.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    datasets.attribution as producteur,
    datasets.licence_label_fr as licence,
    datasets.cadence_label_fr as cadence,
    files.file_count as nombre_fichiers,
    files.retrieved_at_utc as derniere_recuperation,
    current_date - cast(files.retrieved_at_utc as date) as age_jours,
    current_date - cast(files.retrieved_at_utc as date) > datasets.cadence_days as est_a_rafraichir,
    files.last_reference_date as derniere_date_observee,
    current_date - files.last_reference_date as age_observation_jours,
    datasets.verified as source_verifiee
from {{ ref('dim_dataset') }} as datasets
inner join files on datasets.dataset_id = files.dataset_id
