with overlapping as (
    select
        overlaps.lever_id,
        any_value(overlaps.text_fr) as text_fr,
        string_agg(distinct others.lever_name_fr, ' ; ' order by others.lever_name_fr) as other_levers
    from {{ ref('lever_overlaps') }} as overlaps
    inner join {{ ref('lever_overlaps') }} as other_overlaps
        on
            overlaps.overlap_group = other_overlaps.overlap_group
            and overlaps.lever_id <> other_overlaps.lever_id
    inner join {{ ref('levers') }} as others on other_overlaps.lever_id = others.lever_id
    group by overlaps.lever_id
)

select
    levers.lever_id,
    if(
        overlapping.lever_id is null,
        null,
        'Ne pas additionner sans précaution : ' || overlapping.text_fr
        || ' Leviers qui se recoupent : ' || overlapping.other_levers || '.'
    ) as overlap_remark
from {{ ref('levers') }} as levers
left join overlapping on levers.lever_id = overlapping.lever_id
