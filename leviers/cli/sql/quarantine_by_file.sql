-- Rows that were set aside, by file, column and reason, with an example.
select
    q.dataset_id,
    coalesce(s.file_name, q.snapshot_id) as file_name,
    q.reason,
    q.column_name,
    sum(q.row_count) as row_count,
    min(q.value) as example
from quality.fct_quarantined_row as q
left join marts.dim_snapshot as s on q.snapshot_id = s.snapshot_id
group by all
order by all
