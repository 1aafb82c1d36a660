{{ config(materialized='kept_table') }}
with shown as (
    select
        verdicts.lever_id,
        verdicts.territory_level,
        verdicts.territory_code,
        verdicts.indicator_id,
        verdicts.basis,
        verdicts.reading
    from {{ ref('fct_lever_verdict') }} as verdicts
    {{ join_framework_in_force('verdicts') }}
    where verdicts.is_shown
),

-- A line per series; the one that is shown (`is_shown`) comes first.
paths as (
    select trajectories.*
    from {{ ref('fct_lever_trajectory') }} as trajectories
    {{ join_framework_in_force('trajectories') }}
    qualify row_number() over (
        partition by
            trajectories.lever_id,
            trajectories.indicator_id,
            trajectories.territory_level,
            trajectories.territory_code,
            trajectories.year
        order by trajectories.is_shown desc, trajectories.basis asc
    ) = 1
),

-- The values of a series composed for a verdict are in no other table.
composed as (
    select observed.*
    from {{ ref('fct_verdict_value') }} as observed
    semi join shown on {{ same_series('observed', 'shown') }}
    anti join {{ ref('int_lever_values_listed') }} as listed
        on
            observed.lever_id = listed.lever_id
            and {{ same_territory('observed', 'listed') }}
            and observed.indicator_id = listed.indicator_id
),

listed as (
    select * from {{ ref('int_lever_values_listed') }}
    union all by name
    select
        lever_id,
        indicator_id,
        territory_level,
        territory_code,
        year,
        reference_date,
        published_value as value,
        unit,
        'estimated' as value_status,
        completeness_pct,
        dataset_id
    from composed
)

select
    listed.lever_id,
    listed.indicator_id,
    listed.territory_level,
    listed.territory_code,
    listed.year,
    listed.reference_date,
    listed.value,
    listed.unit,
    listed.value_status,
    listed.completeness_pct,
    listed.masked_count,
    listed.is_provisional,
    listed.is_incomplete_year,
    listed.is_anomalous,
    listed.dataset_id,
    listed.snapshot_id,
    paths.target_value,
    paths.path_value,
    paths.way_done,
    coalesce(listed.indicator_id = shown.indicator_id, false) as is_series_read,
    shown.reading,
    {{ label_fr('reading', 'shown.reading') }} as reading_label_fr
from listed
left join paths
    on
        listed.lever_id = paths.lever_id
        and listed.indicator_id = paths.indicator_id
        and {{ same_territory('listed', 'paths') }}
        and listed.year = paths.year
left join shown
    on
        listed.lever_id = shown.lever_id
        and {{ same_territory('listed', 'shown') }}
