with named as (
    select
        *,
        name || ' (' || territory_code || ')' as grouping_name
    from {{ ref('int_grouping_members_expanded') }}
),

groupings as (
    select
        territory_level,
        member_code,
        string_agg(distinct grouping_name, ', ' order by grouping_name) as grouping_names
    from named
    group by territory_level, member_code
),

communes as (
    select * from {{ ref('int_communes_dated') }}
    where cog_year = {{ var('cog_year') }}
)

select
    refused.dataset_id,
    refused.snapshot_id,
    refused.territory_level,
    refused.member_code,
    any_value(communes.name) as member_name,
    any_value(groupings.grouping_names) as grouping_names,
    refused.rejection_reason as reason,
    count(*) as row_count
from named as refused
inner join groupings
    on
        refused.territory_level = groupings.territory_level
        and refused.member_code = groupings.member_code
left join communes on refused.member_code = communes.commune_code
where refused.rejection_reason is not null
group by all
