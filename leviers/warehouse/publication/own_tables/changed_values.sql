-- Changes between the databases `previous` and `published`, by dataset and indicator.
with compared as (
    select
        coalesce(n.dataset_id, o.dataset_id) as dataset_id,
        coalesce(n.indicator_id, o.indicator_id) as indicator_id,
        coalesce(n.year, o.year) as year,
        o.value as old_value,
        n.value as new_value
    from previous.marts.fct_indicator_value as o
    full join published.marts.fct_indicator_value as n
        on
            o.indicator_id = n.indicator_id
            and o.territory_level = n.territory_level
            and o.territory_code = n.territory_code
            and o.year = n.year
    where
        (o.value is null) <> (n.value is null)
        or abs(o.value - n.value) > {tolerance} * greatest(abs(o.value), abs(n.value))
),

files as (
    select dataset_id
    from (
        select
            dataset_id,
            sha256,
            'old' as publication
        from previous.marts.dim_snapshot
        union all
        select
            dataset_id,
            sha256,
            'new' as publication
        from published.marts.dim_snapshot
    )
    group by dataset_id, sha256
    having count(distinct publication) = 1
)

select
    dataset_id,
    indicator_id,
    count(*) filter (where old_value is null) as values_added,
    count(*) filter (where old_value is not null and new_value is not null) as values_restated,
    count(*) filter (where new_value is null) as values_withdrawn,
    max(100 * abs(new_value - old_value) / nullif(abs(old_value), 0)) as largest_restatement_pct,
    min(year) as first_year,
    max(year) as last_year,
    dataset_id in (select files.dataset_id from files) as has_new_files
from compared
group by dataset_id, indicator_id
