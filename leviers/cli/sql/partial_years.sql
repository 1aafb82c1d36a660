-- Years that are not whole, and years whose values alone fall.
select
    partial.dataset_id,
    year,
    is_incomplete,
    arg_max(
        {
            'is_part_of_year': is_part_of_year,
            'members': members,
            'members_before': members_before,
            'value_sum': value_sum,
            'value_sum_before': value_sum_before,
            'compared_with': compared_with,
            'year_before': year_before
        },
        coalesce(members_before - members, 0)
    ) as fall,
    list(indicator_id order by indicator_id) as indicators
from quality.fct_partial_year as partial
group by partial.dataset_id, year, is_incomplete
order by partial.dataset_id, year, is_incomplete desc
