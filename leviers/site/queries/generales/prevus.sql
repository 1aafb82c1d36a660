-- The datasets that no reader is written for yet.
select
    dataset_id as jeu_id,
    coalesce(title_fr, title) as jeu,
    attribution as source,
    licence_label_fr as licence,
    licence_url as adresse_licence,
    homepage as page_du_jeu,
    verified_note_fr as note
from marts.dim_dataset
where status = 'planned'
order by source, jeu_id
