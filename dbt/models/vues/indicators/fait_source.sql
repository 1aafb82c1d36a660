{{ config(tags=['star']) }}

select
    files.snapshot_id as fichier_id,
    files.file_name as fichier,
    files.url as adresse,
    files.origin as origine,
    files.origin_label_fr as origine_libelle,
    files.sha256 as empreinte_sha256,
    files.bytes as octets,
    files.retrieved_at_utc as recupere_le,
    files.content_vintage as millesime,
    files.first_reference_date as premiere_date_observee,
    files.last_reference_date as derniere_date_observee,
    files.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    datasets.producer as producteur_code,
    files.attribution as source,
    files.licence_label_fr as licence,
    datasets.licence_url as adresse_licence,
    datasets.share_alike as partage_a_l_identique,
    datasets.homepage as page_du_jeu,
    datasets.verified as est_verifiee,
    datasets.republish as est_republiee
from {{ ref('dim_snapshot') }} as files
inner join {{ ref('dim_dataset') }} as datasets on files.dataset_id = datasets.dataset_id
