-- The other levers of a series that judges several together (`joint_with`).
with joint_levers as (
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

-- A doubt lowers the grade by its `weight`.
graded as (
    select
        doubts.lever_id,
        doubts.indicator_id,
        doubts.basis,
        doubts.territory_level,
        doubts.territory_code,
        doubts.framework_version,
        count(*) filter (where reasons.weight > 0) as doubt_count,
        max(reasons.weight) as heaviest
    from {{ ref('int_verdict_doubts') }} as doubts
    inner join {{ ref('verdict_reasons') }} as reasons on doubts.code = reasons.code
    group by all
),

series_lines as (
    select
        judgements.*,
        compared.* exclude (
            lever_id, indicator_id, basis, territory_level, territory_code, framework_version -- noqa: RF02
        ),
        graded.doubt_count,
        graded.heaviest
    from {{ ref('int_verdict_lines_judged') }} as judgements
    inner join {{ ref('int_verdict_variants_compared') }} as compared
        on
            {{ same_line('judgements', 'compared') }}
            and compared.is_main
    left join graded on {{ same_line('judgements', 'graded') }}
),

all_lines as (
    select * from series_lines
    union all by name
    select
        unjudged.lever_id,
        unjudged.territory_level,
        unjudged.territory_code,
        unjudged.reason_code,
        unjudged.sentence_values,
        frameworks.framework_version,
        rules.reading,
        rules.concludes,
        rules.code as decided_by,
        'none' as basis,
        'lever' as judges
    from {{ ref('int_verdict_levers_unjudged') }} as unjudged
    {{ join_framework_in_force() }}
    inner join {{ ref('reading_rules') }} as rules
        on if(unjudged.reason_code = 'means_only', 'means_only', 'not_comparable') = rules.code
),

explained as (
    select
        all_lines.*,
        all_lines.improvement * (all_lines.latest_value - all_lines.target_value) >= 0 as is_met,
        all_lines.target_value - all_lines.start_value as way_to_go,
        -- NULL for a target that is met from the start, or lies within the uncertainty
        case
            when
                all_lines.decided_by <> 'not_comparable'
                and all_lines.improvement * way_to_go > greatest(all_lines.uncertainty, 1e-12)
                then way_to_go
        end as way,
        if(
            all_lines.reading = 'not_judged',
            null,
            ['A', 'B', 'C', 'D'][
                1 + least(
                    greatest(
                        coalesce(all_lines.doubt_count, 0) + if(reasons.weight > 0, 1, 0),
                        all_lines.heaviest,
                        reasons.weight
                    ),
                    3
                )
            ]
        ) as confidence,
        reasons.label_fr as reason_label,
        bases.basis_order,
        joint_levers.joint_with,
        coalesce(own.dataset_needed, general.dataset_needed) as missing_dataset,
        if(own.lever_id is null, general.dataset_id, own.dataset_id) as missing_dataset_id,
        -- a dataset of the catalogue without a row for this territory is not missing: nobody is asked for it
        (all_lines.reading = 'not_judged' or all_lines.decided_by in ('too_old', 'other_perimeter'))
        and not (
            all_lines.reason_code in ('not_named', 'nothing_at_start', 'starts_too_low')
            and datasets.dataset_id is not null
        ) as lacks_dataset
    from all_lines
    left join {{ ref('verdict_reasons') }} as reasons on all_lines.reason_code = reasons.code
    left join {{ ref('bases') }} as bases on all_lines.basis = bases.basis
    left join joint_levers
        on all_lines.group_id = joint_levers.group_id and all_lines.lever_id = joint_levers.lever_id
    left join {{ ref('lever_coverage_reasons') }} as own
        on all_lines.lever_id = own.lever_id and all_lines.territory_level = own.territory_level
    left join {{ ref('lever_coverage_reasons') }} as general
        on all_lines.lever_id = general.lever_id and general.territory_level = 'all'
    left join {{ ref('dim_dataset') }} as datasets
        on if(own.lever_id is null, general.dataset_id, own.dataset_id) = datasets.dataset_id
)

select
    lever_id,
    territory_level,
    territory_code,
    framework_version,
    basis,
    indicator_id,
    judges,
    covers,
    group_id,
    joint_with,
    if(judges = 'means', null, coalesce(group_id, lever_id)) as counted_as,
    (
        select string_agg(composed.term_indicator_id, ' ; ' order by composed.term_indicator_id)
        from {{ ref('composed_series') }} as composed
        where composed.indicator_id = explained.indicator_id
    ) as composed_of,
    reading,
    lean,
    decided_by,
    reason_code,
    {{ fill_sentence('reason_label', 'sentence_values') }} as reason,
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
    path_rule,
    national_part,
    national_change,
    path_value,
    gap,
    if(concludes, ahead_by * ktco2e_per_unit, null) as gap_ktco2e,
    {{ way_shares('start_value', 'latest_value', 'path_value', 'uncertainty', 'way') }},
    improvement,
    pace_observed,
    if(
        reading <> 'not_judged' and not is_met,
        (target_value - latest_value) / nullif(target_year - latest_year, 0),
        null
    ) as pace_required,
    band,
    margin,
    break_counted as break_effect,
    uncertainty,
    unknown_part,
    covered_share_pct,
    confidence,
    entered_licence is not null as is_entered,
    entered_licence,
    row_number() over (
        partition by lever_id, territory_level, territory_code, framework_version
        order by
            judges <> 'lever' asc,
            reading = 'not_judged' asc,
            coalesce(age <= {{ threshold('recent_age') }}, false) desc,
            coalesce(has_two_points, false) asc,
            basis_order asc,
            is_part asc,
            confidence asc,
            latest_year desc,
            indicator_id asc
    ) = 1 as is_shown,
    concludes
    and judges = 'lever'
    and count(distinct if(concludes and judges = 'lever', reading = 'on_line', null)) over (
        partition by lever_id, territory_level, territory_code, framework_version
    ) > 1 as other_basis_disagrees,
    if(lacks_dataset, missing_dataset, null) as missing_dataset,
    if(lacks_dataset, missing_dataset_id, null) as missing_dataset_id,
    {{ label_fr('reading', 'explained.reading') }} as reading_label_fr,
    {{ label_fr('lean', 'explained.lean') }} as lean_label_fr,
    {{ label_fr('basis', 'explained.basis') }} as basis_label_fr,
    {{ label_fr('covers', 'explained.covers') }} as covers_label_fr,
    {{ label_fr('confidence', 'explained.confidence') }} as confidence_label_fr,
    {{ label_fr('climate_correction', 'explained.climate_correction') }} as climate_correction_label_fr
from explained
