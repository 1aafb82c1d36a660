-- A row per correction that was declared, changed or withdrawn since the edition before.
select
    correction_id,
    dataset_id,
    indicator_id,
    any_value(reason) as reason,
    bool_or(is_new) as is_declared
from (
    select
        * exclude (is_new),
        bool_and(is_new) as is_new,
        count(distinct is_new) as editions
    from (
        select
            * exclude (corrected_values, state, state_label_fr),
            true as is_new
        from published.quality.fct_correction
        union all by name
        select
            * exclude (corrected_values, state, state_label_fr),
            false as is_new
        from previous.quality.fct_correction
    )
    group by all
)
where editions = 1
group by correction_id, dataset_id, indicator_id
order by correction_id
