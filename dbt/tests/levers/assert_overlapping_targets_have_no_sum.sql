-- Where two levers of a group share a group of overlaps, their targets have no sum.
with members as (
    select
        progress.group_kind,
        progress.group_id,
        progress.territory_level,
        progress.territory_code,
        progress.region_code,
        progress.target_ktco2e,
        unnest(string_split(progress.lever_ids, ' ')) as lever_id
    from {{ ref('fct_chantier_progress') }} as progress
)

select
    members.group_kind,
    members.group_id,
    members.territory_level,
    members.territory_code
from members
inner join {{ ref('lever_overlaps') }} as overlapping on members.lever_id = overlapping.lever_id
where members.target_ktco2e is not null
group by
    members.group_kind,
    members.group_id,
    members.territory_level,
    members.territory_code,
    members.region_code,
    overlapping.overlap_group
having count(*) > 1
