-- A row per dataset with other files than in the edition before.
select
    dataset_id,
    any_value(title_fr) as title_fr,
    count(*) filter (where is_new) as new_files,
    count(*) filter (where not is_new) as gone_files
from (
    select
        dataset_id,
        sha256,
        bool_and(is_new) as is_new
    from (
        select
            dataset_id,
            sha256,
            true as is_new
        from published.marts.dim_snapshot
        union all
        select
            dataset_id,
            sha256,
            false as is_new
        from previous.marts.dim_snapshot
    )
    group by dataset_id, sha256
    having count(distinct is_new) = 1
)
left join published.marts.dim_dataset using (dataset_id)
group by dataset_id
order by dataset_id
