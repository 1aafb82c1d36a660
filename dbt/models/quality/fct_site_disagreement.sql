select
    sites.dataset_id,
    sites.snapshot_id,
    sites.installation_id,
    sites.city,
    sites.postal_code,
    sites.disagreement,
    sites.likely_postal_code,
    sites.departement_code,
    {{ label_fr('site_disagreement', 'sites.disagreement') }} as disagreement_label_fr
from {{ ref('stg_ec__sites') }} as sites
inner join {{ ref('dim_dataset') }} as datasets on sites.dataset_id = datasets.dataset_id
where
    sites.disagreement is not null
    -- a licence that is not declared is not passed on
    and datasets.republish
