-- A source that lists a part of what there is does not say how much: a fuller count of the same thing does.
select
    compared.indicator_id,
    compared.territory_code as region_code,
    arg_max(100 * compared.published_value / compared.rolled_up_value, compared.year) as coverage_pct
from {{ ref('int_levels_reconciled') }} as compared
semi join {{ ref('indicator_value_rules') }} as rules
    on compared.indicator_id = rules.indicator_id and rules.rule = 'lists_part'
where
    compared.territory_level = 'region'
    and compared.indicator_id <> compared.compared_indicator_id
    and compared.rolled_up_value > compared.published_value
group by compared.indicator_id, compared.territory_code
