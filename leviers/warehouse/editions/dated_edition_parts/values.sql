-- A row per dataset and indicator with a changed value: by how much, and why.
select
    explained.*,
    case explained.why
        when 'source' then 'source' when 'method' then 'méthode' else 'correction'
    end as why_fr
from (
    select
        changed.* exclude (has_new_files),
        datasets.title_fr,
        indicators.label_fr,
        case
            when changed.has_new_files then 'source'
            when exists (
                select 1 from corrections
                where
                    corrections.dataset_id = changed.dataset_id
                    and coalesce(corrections.indicator_id, changed.indicator_id) = changed.indicator_id
            ) then 'correction'
            else 'method'
        end as why
    from changed
    left join published.marts.dim_dataset as datasets on changed.dataset_id = datasets.dataset_id
    left join published.marts.dim_indicator as indicators on changed.indicator_id = indicators.indicator_id
) as explained
order by explained.dataset_id, explained.indicator_id
