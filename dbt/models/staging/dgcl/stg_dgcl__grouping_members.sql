with members as (
    select * from {{ source('raw_dgcl', 'banatic_groupings') }}
),

levelled as (
    select
        unnest([
            if(legal_type = 'PETR', 'petr', null),
            if(holds_scot and legal_type in ('PETR', 'POLEM', 'SIVOM', 'SIVU', 'SMF', 'SMO'), 'scot', null)
        ]) as territory_level,
        siren as territory_code,
        grouping_name as name,
        member_code,
        snapshot_id
    from members
)

select
    territory_level,
    territory_code,
    name,
    member_code,
    snapshot_id
from levelled
where territory_level is not null
