-- The rows that were put aside, by dataset and reason.
select
    rows_aside.dataset_id as jeu_id,
    datasets.source,
    rows_aside.reason_label_fr as motif,
    sum(rows_aside.row_count)::bigint as lignes,
    min(rows_aside.value) as exemple
from quality.fct_quarantined_row as rows_aside
inner join vues.dim_jeu as datasets on rows_aside.dataset_id = datasets.jeu_id
group by all
order by lignes desc, jeu_id asc, motif asc
