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
        rollup_from
    from {{ ref('indicators') }}
),

-- A sum has several files only if the year of its indicator comes in several.
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
        snapshot_id,
        is_rolled_up
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

-- The files of the parts, where a row is a sum and none of them is published at its level.
part_files as (
    select distinct
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
)

select
    selected.indicator_id,
    selected.territory_level,
    selected.territory_code,
    selected.year,
    selected.snapshot_id
from selected
union all
select
    part_files.indicator_id,
    part_files.territory_level,
    part_files.territory_code,
    part_files.year,
    part_files.snapshot_id
from part_files
inner join selected
    on
        part_files.indicator_id = selected.indicator_id
        and {{ same_territory('part_files', 'selected') }}
        and part_files.year = selected.year
        and part_files.snapshot_id <> selected.snapshot_id
where selected.is_rolled_up
