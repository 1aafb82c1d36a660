-- Content of the published file for a dataset, by indicator and level.
select
    indicator_id,
    any_value(indicators.label_en) as label_en,
    territory_level,
    count(*) as row_count,
    count(value) as known,
    min(year) as first_year,
    max(year) as last_year,
    any_value(tried.unit) as unit
from marts.fct_indicator_value as tried
inner join marts.dim_indicator as indicators using (indicator_id)
where tried.dataset_id = $dataset_id
group by indicator_id, territory_level
order by indicator_id, territory_level
