-- The communes of groupings with their codes, and beside each the last version of its group.
create temp view communes as from territories
where territory_level = 'commune';

create temp table checked as
select
    typed.*,
    communes.code is not null as is_known_commune,
    coalesce(latest.version, 0) as last_version,
    latest.members as last_members,
    $list_name as territory_list
from (
    select
        * replace (
            {group_type} as group_type,
            {commune_code} as commune_code
        )
    from entered
) as typed
left join communes on typed.commune_code = communes.code
left join (
    select
        group_type,
        group_code,
        max(cast(version as integer)) as version,
        list_sort(list((group_name, commune_code))) as members
    from (
        from history
        qualify rank() over (
            partition by group_type, group_code order by cast(version as integer) desc
        ) = 1
    )
    group by group_type, group_code
) as latest on typed.group_type = latest.group_type and typed.group_code = latest.group_code
