{#- A pace says nothing of the years after. -#}
{% set last_year = 2100 %}
-- What the territory measures without a verdict says so in its own words.
with measured as (
    select
        progress.lever_id,
        progress.territory_level,
        progress.territory_code,
        progress.framework_version,
        string_agg(
            indicators.label_fr
            || case
                when coalesce(progress.baseline_year = progress.latest_year, true)
                    then
                        ' : une seule année'
                        || if(progress.latest_year >= 2019, ' depuis 2019', '')
                        || ' (' || progress.latest_year || ').'
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
        levers.is_quantified,
        territories.territory_level,
        territories.territory_code,
        coalesce(own.reason_fr, general.reason_fr) as reason,
        coalesce(own.dataset_needed, general.dataset_needed) as missing_dataset,
        if(own.lever_id is null, general.dataset_id, own.dataset_id) as missing_dataset_id
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
),

-- What one series says of several levers is said once.
joint_levers as (
    select
        own.group_id,
        own.lever_id,
        string_agg(
            distinct other_levers.lever_name_fr, ' ; '
            order by other_levers.lever_name_fr
        ) as joint_with
    from {{ ref('verdict_rules') }} as own
    inner join {{ ref('verdict_rules') }} as members
        on own.group_id = members.group_id and own.lever_id <> members.lever_id
    inner join {{ ref('levers') }} as other_levers on members.lever_id = other_levers.lever_id
    group by own.group_id, own.lever_id
),

composed as (
    select
        indicator_id,
        string_agg(term_indicator_id, ' ; ' order by term_indicator_id) as composed_of
    from {{ ref('composed_series') }}
    group by indicator_id
),

-- A part of the sum that judges a lever stands beside that sum.
parts_of_sums as (
    select distinct
        rules.lever_id,
        composed_series.term_indicator_id as indicator_id
    from {{ ref('verdict_rules') }} as rules
    inner join {{ ref('composed_series') }} as composed_series
        on rules.indicator_id = composed_series.indicator_id
),

-- Of the lines that do not judge the lever itself: a series of a means before one that judges others with it.
beside as (
    select
        judged.lever_id,
        judged.territory_level,
        judged.territory_code,
        judged.framework_version,
        if(judged.judges = 'means', 'means_only', 'group_only') as reason_code,
        string_agg(
            indicators.label_fr || ' (' || judged.latest_year || ')', ', '
            order by judged.latest_year desc, judged.indicator_id asc
        ) as series
    from {{ ref('int_verdict_lines_judged') }} as judged
    inner join {{ ref('indicators') }} as indicators on judged.indicator_id = indicators.indicator_id
    where judged.judges <> 'lever' and judged.latest_value is not null
    group by
        judged.lever_id,
        judged.territory_level,
        judged.territory_code,
        judged.framework_version,
        judged.judges
    qualify row_number() over (
        partition by
            judged.lever_id, judged.territory_level, judged.territory_code, judged.framework_version
        order by judged.judges desc
    ) = 1
),

combined as (
    select
        judged.lever_id,
        judged.territory_level,
        judged.territory_code,
        judged.framework_version,
        judged.basis,
        judged.indicator_id,
        judged.judges,
        judged.group_id,
        joint_levers.joint_with,
        composed.composed_of,
        parts_of_sums.lever_id is not null as is_part,
        judged.start_year,
        judged.start_value,
        judged.start_origin,
        judged.series_start_value,
        judged.latest_year,
        judged.latest_value,
        judged.latest_published_value,
        judged.as_of_year,
        judged.age,
        judged.target_year,
        judged.target_value,
        judged.path_value,
        judged.least_path_value,
        judged.improvement,
        judged.improvement * (judged.latest_value - judged.target_value) >= 0 as is_met,
        judged.pace_observed,
        judged.ktco2e_per_unit,
        judged.band,
        judged.margin,
        judged.smoothing_years,
        judged.climate_correction,
        judged.covered_share_pct,
        judged.status,
        judged.is_favourable,
        judged.confidence,
        judged.confidence_reasons,
        judged.entered_licence,
        judged.reason_code,
        judged.reason,
        missing.missing_dataset,
        missing.missing_dataset_id
    from {{ ref('int_verdict_lines_judged') }} as judged
    left join missing
        on
            judged.lever_id = missing.lever_id
            and judged.territory_level = missing.territory_level
            and judged.territory_code = missing.territory_code
    left join joint_levers
        on
            judged.group_id = joint_levers.group_id
            and judged.lever_id = joint_levers.lever_id
    left join composed on judged.indicator_id = composed.indicator_id
    left join parts_of_sums
        on
            judged.lever_id = parts_of_sums.lever_id
            and judged.indicator_id = parts_of_sums.indicator_id
    union all by name
    select
        missing.lever_id,
        missing.territory_level,
        missing.territory_code,
        frameworks.framework_version,
        'none' as basis,
        'lever' as judges,
        'not_judged' as status,
        coalesce(
            reasons.code, if(measured.lever_id is null, 'no_series', 'not_comparable')
        ) as reason_code,
        coalesce(
            replace(reasons.label_fr, '{series}', coalesce(beside.series, '')),
            measured.reason,
            missing.reason
        ) as reason,
        -- what is loaded and does not name a territory is not to be loaded
        if(
            reasons.code = 'not_named' and loads.dataset_id is not null, null, missing.missing_dataset
        ) as missing_dataset,
        if(missing_dataset is null, null, missing.missing_dataset_id) as missing_dataset_id
    from missing
    cross join {{ ref('dim_framework') }} as frameworks
    left join measured
        on
            missing.lever_id = measured.lever_id
            and missing.territory_level = measured.territory_level
            and missing.territory_code = measured.territory_code
            and frameworks.framework_version = measured.framework_version
    left join beside
        on
            missing.lever_id = beside.lever_id
            and missing.territory_level = beside.territory_level
            and missing.territory_code = beside.territory_code
            and frameworks.framework_version = beside.framework_version
    left join {{ ref('fct_lever_coverage') }} as coverage
        on
            missing.lever_id = coverage.lever_id
            and missing.territory_level = coverage.territory_level
    left join {{ ref('verdict_reasons') }} as reasons
        on
            reasons.code = coalesce(
                beside.reason_code, if(coverage.has_series and measured.lever_id is null, 'not_named', null)
            )
    left join {{ ref('stg_leviers__dataset_loads') }} as loads
        on missing.missing_dataset_id = loads.dataset_id
    anti join {{ ref('int_verdict_lines_judged') }} as judged
        on
            missing.lever_id = judged.lever_id
            and missing.territory_level = judged.territory_level
            and missing.territory_code = judged.territory_code
            and frameworks.framework_version = judged.framework_version
            and judged.judges = 'lever'
    where (missing.is_quantified or beside.lever_id is not null) and frameworks.is_target_version
)

select
    lever_id,
    territory_level,
    territory_code,
    framework_version,
    basis,
    indicator_id,
    judges,
    group_id,
    joint_with,
    if(judges = 'means', null, coalesce(group_id, lever_id)) as counted_as,
    composed_of,
    start_year,
    start_value,
    start_origin,
    case
        when start_origin = 'state' then 'départ donné par l''État'
        when start_origin = 'series' and start_value is not null
            then
                if(
                    smoothing_years > 1,
                    'moyenne ' || (start_year - smoothing_years + 1) || '-' || start_year || ' de la série',
                    'valeur de la série'
                )
                || if(climate_correction = 'degree_days', ', corrigée du climat', '')
    end as start_label_fr,
    series_start_value,
    latest_year,
    latest_value,
    latest_published_value,
    smoothing_years,
    climate_correction,
    age,
    target_year,
    target_value,
    path_value,
    least_path_value,
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
        when status <> 'not_judged' and not is_met
            then (target_value - latest_value) / nullif(target_year - latest_year, 0)
    end as pace_required,
    case
        when
            status <> 'not_judged'
            and not is_met
            and improvement * pace_observed > 0
            and ceil(latest_year + (target_value - latest_value) / pace_observed) <= {{ last_year }}
            then cast(ceil(latest_year + (target_value - latest_value) / pace_observed) as integer)
    end as year_met_at_pace,
    status,
    is_favourable,
    band,
    margin,
    covered_share_pct,
    confidence,
    confidence_reasons,
    entered_licence is not null as is_entered,
    entered_licence,
    row_number() over (
        partition by lever_id, territory_level, territory_code, framework_version
        order by
            judges <> 'lever' asc,
            status = 'not_judged' asc,
            coalesce(age <= 2, false) desc,
            list_position(
                ['official', 'regional', 'derived', 'national', 'indicative', 'joint', 'partial', 'none'],
                basis
            ) asc,
            is_part asc,
            confidence asc,
            latest_year desc,
            indicator_id asc
    ) = 1 as is_shown,
    is_favourable is not null
    and judges = 'lever'
    and count(distinct is_favourable) filter (where judges = 'lever') over (
        partition by lever_id, territory_level, territory_code, framework_version
    ) > 1 as other_basis_disagrees,
    reason_code,
    reason,
    if(status = 'not_judged', missing_dataset, null) as missing_dataset,
    if(status = 'not_judged', missing_dataset_id, null) as missing_dataset_id,
    {{ label_fr('status', 'combined.status') }} as status_label_fr,
    {{ label_fr('basis', 'combined.basis') }} as basis_label_fr,
    {{ label_fr('confidence', 'combined.confidence') }} as confidence_label_fr,
    {{ label_fr('climate_correction', 'combined.climate_correction') }} as climate_correction_label_fr
from combined
