with grouped as (
    select
        'grouping_member' as dataset_id,
        snapshot_id,
        territory_level,
        territory_code,
        name,
        commune_code as member_code
    from {{ ref('stg_leviers__grouping_members') }}
    union all
    select
        'banatic_groupings' as dataset_id,
        snapshot_id,
        territory_level,
        territory_code,
        name,
        member_code
    from {{ ref('stg_dgcl__grouping_members') }}
),

communes as (
    select commune_code
    from {{ ref('int_commune_codes_folded') }}
    where code_type = 'commune' and cog_year = {{ var('cog_year') }}
),

member_communes as (
    select
        commune_code as member_code,
        commune_code
    from communes
    union all
    select
        members.epci_code as member_code,
        members.commune_code
    from {{ ref('int_epci_members_unioned') }} as members
    semi join communes on members.commune_code = communes.commune_code
    where members.cog_year = {{ var('cog_year') }}
),

-- a commune may be there twice: by itself and through its EPCI
expanded as (
    select
        grouped.dataset_id,
        grouped.snapshot_id,
        grouped.territory_level,
        grouped.territory_code,
        grouped.name,
        coalesce(member_communes.commune_code, grouped.member_code) as member_code,
        member_communes.commune_code is not null as is_known
    from grouped
    left join member_communes on grouped.member_code = member_communes.member_code
    group by all
)

select
    dataset_id,
    snapshot_id,
    territory_level,
    territory_code,
    name,
    member_code,
    case
        when not is_known
            then 'not_reference_year'
        -- a line that a person has entered stands
        when
            dataset_id <> 'grouping_member'
            and min(territory_code) over same_level <> max(territory_code) over same_level
            then 'several_groupings'
    end as rejection_reason
from expanded
window same_level as (partition by territory_level, member_code)
