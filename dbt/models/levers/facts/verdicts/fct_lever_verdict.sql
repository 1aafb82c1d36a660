with bases as (
    select
        unnest([
            'official', 'regional', 'derived', 'national', 'indicative', 'joint', 'partial', 'none'
        ]) as basis,
        unnest(range(1, 9)) as basis_rank
),

lines as (
    select * from {{ ref('int_verdict_lines_judged') }}
),

-- What the territory measures without a verdict says so in its own words.
measured as (
    select
        progress.lever_id,
        progress.territory_level,
        progress.territory_code,
        progress.framework_version,
        string_agg(
            indicators.label_fr
            || case
                when coalesce(progress.baseline_year = progress.latest_year, true)
                    then ' : une seule année depuis 2019 (' || progress.latest_year || ').'
                else ' (' || progress.latest_year || ') : ' || coalesce(links.reason_fr, progress.reason)
            end,
            ' '
            order by progress.indicator_id
        ) as reason
    from {{ ref('fct_lever_progress') }} as progress
    inner join {{ ref('indicators') }} as indicators on progress.indicator_id = indicators.indicator_id
    inner join {{ ref('bridge_lever_indicator') }} as links
        on
            progress.lever_id = links.lever_id
            and progress.indicator_id = links.indicator_id
            and links.role = 'measure'
    where progress.latest_value is not null
    group by progress.lever_id, progress.territory_level, progress.territory_code, progress.framework_version
),

missing as (
    select
        levers.lever_id,
        territories.territory_level,
        territories.territory_code,
        coalesce(own.reason_fr, general.reason_fr) as reason,
        coalesce(own.dataset_needed, general.dataset_needed) as missing_dataset
    from {{ ref('levers') }} as levers
    inner join {{ ref('dim_territory') }} as territories
        on
            territories.is_in_scope
            and territories.territory_level in ('region', 'departement', 'epci')
    left join {{ ref('lever_coverage_reasons') }} as own
        on
            levers.lever_id = own.lever_id
            and territories.territory_level = own.territory_level
    left join {{ ref('lever_coverage_reasons') }} as general
        on
            levers.lever_id = general.lever_id
            and general.territory_level = 'all'
    where levers.is_quantified
),

together as (
    select
        lines.lever_id,
        lines.territory_level,
        lines.territory_code,
        lines.framework_version,
        lines.basis,
        lines.indicator_id,
        lines.group_id,
        lines.start_year,
        lines.start_value,
        lines.start_origin,
        lines.series_start_value,
        lines.latest_year,
        lines.latest_value,
        lines.latest_published_value,
        lines.as_of_year,
        lines.age,
        lines.target_year,
        lines.target_value,
        lines.path_value,
        lines.improvement,
        lines.pace_observed,
        lines.ktco2e_per_unit,
        lines.band,
        lines.covered_share_pct,
        lines.status,
        lines.is_favourable,
        lines.confidence,
        lines.confidence_reasons,
        lines.reason,
        missing.missing_dataset
    from lines
    left join missing
        on
            lines.lever_id = missing.lever_id
            and lines.territory_level = missing.territory_level
            and lines.territory_code = missing.territory_code
    union all by name
    select
        missing.lever_id,
        missing.territory_level,
        missing.territory_code,
        frameworks.framework_version,
        'none' as basis,
        'not_judged' as status,
        coalesce(measured.reason, missing.reason) as reason,
        missing.missing_dataset
    from missing
    cross join {{ ref('dim_framework') }} as frameworks
    left join measured
        on
            missing.lever_id = measured.lever_id
            and missing.territory_level = measured.territory_level
            and missing.territory_code = measured.territory_code
            and frameworks.framework_version = measured.framework_version
    anti join lines
        on
            missing.lever_id = lines.lever_id
            and missing.territory_level = lines.territory_level
            and missing.territory_code = lines.territory_code
            and frameworks.framework_version = lines.framework_version
    where frameworks.is_target_version
),

ranked as (
    select
        together.*,
        row_number() over (
            partition by
                together.lever_id,
                together.territory_level,
                together.territory_code,
                together.framework_version
            order by
                together.status = 'not_judged' asc,
                coalesce(together.age <= 2, false) desc,
                bases.basis_rank asc,
                together.confidence asc,
                together.latest_year desc,
                together.indicator_id asc
        ) = 1 as is_shown,
        count(distinct together.is_favourable) over (
            partition by
                together.lever_id,
                together.territory_level,
                together.territory_code,
                together.framework_version
        ) > 1 as other_basis_disagrees
    from together
    inner join bases on together.basis = bases.basis
)

select
    lever_id,
    territory_level,
    territory_code,
    framework_version,
    basis,
    indicator_id,
    group_id,
    start_year,
    start_value,
    start_origin,
    series_start_value,
    latest_year,
    latest_value,
    latest_published_value,
    age,
    target_year,
    target_value,
    path_value,
    -- The path in the year of the newest series; it judges nothing.
    case
        when start_value is not null
            then
                start_value
                + (target_value - start_value)
                * least((as_of_year - start_year) / (target_year - start_year), 1)
    end as path_value_as_of,
    latest_value - path_value as gap,
    improvement * (latest_value - path_value) * ktco2e_per_unit as gap_ktco2e,
    pace_observed,
    case
        when status <> 'not_judged'
            then (target_value - latest_value) / nullif(target_year - latest_year, 0)
    end as pace_required,
    case
        when status = 'not_judged' then null
        when improvement * (latest_value - target_value) >= 0 then latest_year
        when improvement * pace_observed > 0
            then cast(ceil(latest_year + (target_value - latest_value) / pace_observed) as integer)
    end as year_met_at_pace,
    status,
    is_favourable,
    band,
    covered_share_pct,
    confidence,
    confidence_reasons,
    is_shown,
    other_basis_disagrees and is_favourable is not null as other_basis_disagrees,
    reason,
    if(status = 'not_judged', missing_dataset, null) as missing_dataset
from ranked
