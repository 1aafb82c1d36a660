with observations as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        snapshot_id
    from {{ ref('int_observations_rebased') }}
),

indicators as (
    select
        indicator_id,
        rollup_from,
        numerator_id,
        denominator_id
    from {{ ref('indicators') }}
),

-- Only where a year of an indicator comes in several files do its sums have more than their own one.
split_series as (
    select
        indicator_id,
        year
    from observations
    group by indicator_id, year
    having min(snapshot_id) <> max(snapshot_id)
),

selected as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        snapshot_id
    from {{ ref('int_values_selected') }}
),

territory_communes as (
    select
        memberships.territory_level,
        memberships.territory_code,
        parts.territory_level as part_level,
        parts.territory_code as part_code
    from {{ ref('int_commune_memberships') }} as memberships
    inner join {{ ref('int_commune_memberships') }} as parts
        on memberships.commune_code = parts.commune_code
    where memberships.territory_level <> 'commune'
    group by all
),

contributions as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        snapshot_id
    from selected
    union
    select
        observations.indicator_id,
        territory_communes.territory_level,
        territory_communes.territory_code,
        observations.year,
        observations.snapshot_id
    from observations
    inner join indicators
        on
            observations.indicator_id = indicators.indicator_id
            and observations.territory_level = indicators.rollup_from
    semi join split_series
        on
            observations.indicator_id = split_series.indicator_id
            and observations.year = split_series.year
    inner join territory_communes
        on
            observations.territory_level = territory_communes.part_level
            and observations.territory_code = territory_communes.part_code
    semi join {{ ref('int_observations_rolled_up') }} as rolled_up
        on
            observations.indicator_id = rolled_up.indicator_id
            and territory_communes.territory_level = rolled_up.territory_level
            and territory_communes.territory_code = rolled_up.territory_code
            and observations.year = rolled_up.year
    anti join observations as published
        on
            observations.indicator_id = published.indicator_id
            and territory_communes.territory_level = published.territory_level
            and territory_communes.territory_code = published.territory_code
            and observations.year = published.year
),

ratio_contributions as (
    select
        ratios.indicator_id,
        ratios.territory_level,
        ratios.territory_code,
        ratios.year,
        contributions.snapshot_id
    from {{ ref('int_ratios_computed') }} as ratios
    inner join indicators on ratios.indicator_id = indicators.indicator_id
    inner join contributions
        on
            contributions.indicator_id in (indicators.numerator_id, indicators.denominator_id)
            and ratios.territory_level = contributions.territory_level
            and ratios.territory_code = contributions.territory_code
            and ratios.year = contributions.year
)

select
    indicator_id,
    territory_level,
    territory_code,
    year,
    snapshot_id
from contributions
union all
select distinct
    indicator_id,
    territory_level,
    territory_code,
    year,
    snapshot_id
from ratio_contributions
