-- Rows that were set aside, by dataset and reason.
select
    dataset_id,
    reason,
    cast(sum(row_count) as bigint) as rows
from quality.fct_quarantined_row
group by all
order by all
