with overlapping as (
    select
        own_groups.lever_id,
        string_agg(distinct own_groups.text_fr, ' ' order by own_groups.text_fr) as own_text,
        string_agg(
            distinct other_levers.lever_name_fr, ' ; '
            order by other_levers.lever_name_fr
        ) as other_names
    from {{ ref('lever_overlaps') }} as own_groups
    inner join {{ ref('lever_overlaps') }} as other_groups
        on
            own_groups.overlap_group = other_groups.overlap_group
            and own_groups.lever_id <> other_groups.lever_id
    inner join {{ ref('levers') }} as other_levers on other_groups.lever_id = other_levers.lever_id
    group by own_groups.lever_id
)

select
    levers.lever_id,
    if(
        overlapping.lever_id is null,
        null,
        'Ne pas additionner sans précaution : ' || overlapping.own_text
        || ' Leviers qui se recoupent : ' || overlapping.other_names || '.'
    ) as overlap_remark
from {{ ref('levers') }} as levers
left join overlapping on levers.lever_id = overlapping.lever_id
