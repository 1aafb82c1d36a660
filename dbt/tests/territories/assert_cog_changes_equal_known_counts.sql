{#- The counts were made independently on INSEE's movements. One applies if its vintages are loaded. -#}
with known_counts (from_year, to_year, event_count, changed_count, split_count) as (
    values
    (2019, 2024, 81, 42, 3),
    (2021, 2024, 67, 36, 2),
    (2022, 2024, 48, 26, 2),
    (2023, 2024, 29, 15, 2)
),

bridge as (
    select * from {{ ref('bridge_commune_cog') }}
    where event not in ('folded', 'former_code')
),

bridge_counts as (
    select
        from_year,
        to_year,
        count(distinct from_code) filter (where from_code <> to_code) as changed_count,
        count(distinct from_code) filter (where event = 'split') as split_count
    from bridge
    group by from_year, to_year
),

event_counts as (
    select
        known_counts.from_year,
        known_counts.to_year,
        count(*) as event_count
    from known_counts
    inner join {{ ref('stg_insee__cog_movements') }} as movements
        on
            make_date(known_counts.from_year, 1, 1) < movements.event_date
            and make_date(known_counts.to_year, 1, 1) >= movements.event_date
    group by known_counts.from_year, known_counts.to_year
)

select
    known_counts.from_year,
    known_counts.to_year,
    event_counts.event_count,
    bridge_counts.changed_count,
    bridge_counts.split_count
from known_counts
inner join event_counts
    on
        known_counts.from_year = event_counts.from_year
        and known_counts.to_year = event_counts.to_year
inner join bridge_counts
    on
        known_counts.from_year = bridge_counts.from_year
        and known_counts.to_year = bridge_counts.to_year
where
    event_counts.event_count <> known_counts.event_count
    or bridge_counts.changed_count <> known_counts.changed_count
    or bridge_counts.split_count <> known_counts.split_count
