{#- Changes between the lists of 2024 and 2025, for which no movements are at hand. -#}
with known_changes (from_code, to_code, event) as (
    values
    ('12076', '12218', 'code_change'),
    ('14011', '14581', 'code_change'),
    ('49069', '49126', 'code_change'),
    ('69159', '69114', 'code_change'),
    ('15141', '15141', 'split'),
    ('15141', '15031', 'split'),
    ('15141', '15035', 'split'),
    ('15141', '15047', 'split'),
    ('15141', '15171', 'split')
),

changes as (
    select * from {{ ref('bridge_commune_cog') }}
    where from_year = 2024 and to_year = 2025 and event in ('code_change', 'split')
)

select
    coalesce(known_changes.from_code, changes.from_code) as from_code,
    coalesce(known_changes.to_code, changes.to_code) as to_code,
    changes.event
from known_changes
full outer join changes
    on
        known_changes.from_code = changes.from_code
        and known_changes.to_code = changes.to_code
        and known_changes.event = changes.event
where
    (known_changes.from_code is null or changes.from_code is null)
    and exists (
        select bridge.from_code
        from {{ ref('bridge_commune_cog') }} as bridge
        where bridge.from_year = 2024 and bridge.to_year = 2025
    )
