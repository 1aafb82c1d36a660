-- A year is known at its end.
with observations as (
    select
        selected.lever_id,
        indicator_values.territory_level,
        indicator_values.territory_code,
        indicator_values.year,
        make_date(indicator_values.year, 12, 31) as known_from,
        lead(make_date(indicator_values.year, 12, 31)) over (
            partition by selected.lever_id, indicator_values.territory_level, indicator_values.territory_code
            order by indicator_values.year
        ) as known_until,
        indicator_values.value,
        indicator_values.completeness_pct,
        indicator_values.is_entered
    from {{ ref('int_cop_observations_selected') }} as selected
    inner join {{ ref('fct_indicator_value') }} as indicator_values
        on
            selected.indicator_id = indicator_values.indicator_id
            and {{ same_territory('selected', 'indicator_values') }}
    where
        indicator_values.value is not null
        and not indicator_values.is_incomplete_year
        and not indicator_values.is_anomalous
        and indicator_values.year >= {{ threshold('earlier_start_year') }}
),

dates as (
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        in_force_from as followed_on
    from {{ ref('int_cop_commitments_dated') }}
    union
    select
        commitments.lever_id,
        commitments.territory_level,
        commitments.territory_code,
        commitments.horizon_year,
        observations.known_from as followed_on
    from {{ ref('int_cop_commitments_dated') }} as commitments
    inner join observations
        on
            commitments.lever_id = observations.lever_id
            and {{ same_territory('commitments', 'observations') }}
)

select
    dates.lever_id,
    dates.territory_level,
    dates.territory_code,
    dates.horizon_year,
    dates.followed_on,
    coalesce(commitments.in_force_from = dates.followed_on and commitments.has_entry, false) as has_entry,
    coalesce(commitments.in_force_from = dates.followed_on and commitments.has_withdrawal, false)
        as has_withdrawal,
    coalesce(observations.known_from = dates.followed_on, false) as has_observation,
    coalesce(commitments.commitment_count, 0) as commitment_count,
    coalesce(commitments.action_count, 0) as action_count,
    commitments.asked_ktco2e,
    commitments.done_or_planned_ktco2e,
    commitments.new_ambition_ktco2e,
    commitments.new_ambition_delta,
    commitments.new_levels,
    commitments.actions,
    commitments.roadmaps,
    selected.indicator_id,
    observations.year as observed_year,
    observations.value as observed_value,
    observations.completeness_pct,
    observations.is_entered
from dates
left join {{ ref('int_cop_observations_selected') }} as selected
    on
        dates.lever_id = selected.lever_id
        and {{ same_territory('dates', 'selected') }}
left join {{ ref('int_cop_commitments_dated') }} as commitments
    on
        dates.lever_id = commitments.lever_id
        and {{ same_territory('dates', 'commitments') }}
        and dates.horizon_year = commitments.horizon_year
        and dates.followed_on >= commitments.in_force_from
        and (commitments.in_force_until is null or dates.followed_on < commitments.in_force_until)
left join observations
    on
        dates.lever_id = observations.lever_id
        and {{ same_territory('dates', 'observations') }}
        and dates.followed_on >= observations.known_from
        and (observations.known_until is null or dates.followed_on < observations.known_until)
