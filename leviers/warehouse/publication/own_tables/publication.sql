insert into published.marts.fct_publication by name
with counts as (
    select
        count(distinct dataset_id) as dataset_count,
        count(distinct indicator_id) as indicator_count,
        count(*) as value_count
    from published.marts.fct_indicator_value
    where value is not null
),

changes as (
    select
        coalesce(sum(values_added), 0) as values_added,
        coalesce(sum(values_restated), 0) as values_restated,
        coalesce(sum(values_withdrawn), 0) as values_withdrawn
    from published.marts.fct_change
    where publication_id = $publication_id
)

select
    $publication_id as publication_id,
    $published_at as published_at,
    $previous as previous_publication_id,
    $region as region,
    $contract_version as contract_version,
    counts.dataset_count,
    (select count(*) from published.marts.dim_snapshot) as file_count,
    counts.indicator_count,
    counts.value_count,
    (
        select count(*) from published.quality.fct_check_result
        where status <> 'passed'
    ) as warning_count,
    if($previous is null, null, changes.values_added) as values_added,
    if($previous is null, null, changes.values_restated) as values_restated,
    if($previous is null, null, changes.values_withdrawn) as values_withdrawn,
    $contact as contact
from counts
cross join changes
