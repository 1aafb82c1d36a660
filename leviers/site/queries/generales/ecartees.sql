-- The rows that were put aside, by dataset and reason.
select
    rows_aside.dataset_id as jeu_id,
    any_value(datasets.attribution) as source,
    rows_aside.reason_label_fr as motif,
    sum(rows_aside.row_count)::bigint as lignes,
    min(rows_aside.value) as exemple
from quality.fct_quarantined_row as rows_aside
inner join marts.dim_dataset as datasets using (dataset_id)
group by rows_aside.dataset_id, rows_aside.reason_label_fr
order by lignes desc, jeu_id ASC, motif ASC
