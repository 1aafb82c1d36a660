{#- The figures that ship with the project are cut from the dataset of the same name. -#}
{% set bundled_prefix = 'bundled_' %}
select
    datasets.dataset_id,
    datasets.producer,
    datasets.title,
    datasets.licence,
    datasets.licence_basis,
    datasets.licence_url,
    datasets.share_alike,
    datasets.attribution,
    datasets.homepage,
    datasets.grain,
    datasets.cadence,
    datasets.status,
    datasets.retired_since,
    datasets.retired_evidence,
    datasets.verified,
    datasets.verified_note,
    datasets.absent_means,
    datasets.lineage,
    datasets.republish,
    loads.loaded_rows,
    loads.quarantined_rows,
    loads.warnings,
    coalesce(titles.title_fr, datasets.title) as title_fr,
    coalesce(cadences.label_fr, datasets.cadence) as cadence_label_fr,
    cadences.days as cadence_days,
    {{ label_fr('dataset_status', 'datasets.status') }} as status_label_fr,
    coalesce({{ label_fr('licence', 'datasets.licence') }}, datasets.licence) as licence_label_fr,
    {{ label_fr('licence_basis', 'datasets.licence_basis') }} as licence_basis_label_fr,
    {{ label_fr('absent_means', 'datasets.absent_means') }} as absent_means_label_fr,
    {{ label_fr('lineage', 'datasets.lineage') }} as lineage_label_fr,
    titles.grain_fr,
    titles.verified_note_fr,
    case when datasets.retired_since is not null then titles.retired_evidence_fr end as retired_evidence_fr
from {{ ref('stg_leviers__datasets') }} as datasets
inner join {{ ref('stg_leviers__dataset_loads') }} as loads on datasets.dataset_id = loads.dataset_id
left join {{ ref('dataset_titles') }} as titles
    on replace(datasets.dataset_id, '{{ bundled_prefix }}', '') = titles.dataset_id
left join {{ ref('cadence_labels') }} as cadences on datasets.cadence = cadences.cadence
