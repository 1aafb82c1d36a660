-- The first rows of a dataset.
select
    indicators.label_en,
    territory_level,
    territory_code,
    year,
    value,
    tried.unit,
    value_status
from marts.fct_indicator_value as tried
inner join marts.dim_indicator as indicators using (indicator_id)
where tried.dataset_id = $dataset_id
order by indicator_id, territory_level, territory_code, year
limit 10
