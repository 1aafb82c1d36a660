select
    rows_aside.dataset_id as jeu_id,
    datasets.attribution as source,
    rows_aside.reason_label_fr as motif,
    sum(rows_aside.row_count)::bigint as lignes,
    min(rows_aside.value) as exemple
from {{ ref('fct_quarantined_row') }} as rows_aside
inner join {{ ref('dim_dataset') }} as datasets on rows_aside.dataset_id = datasets.dataset_id
group by rows_aside.dataset_id, datasets.attribution, rows_aside.reason_label_fr
