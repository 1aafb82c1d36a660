-- A line has each code once; the reason for its reading is one of its doubts.
with found as (
    select
        lever_id,
        indicator_id,
        basis,
        territory_level,
        territory_code,
        framework_version,
        code,
        moves_by
    from {{ ref('int_verdict_doubts') }}
    union all
    select
        lever_id,
        indicator_id,
        basis,
        territory_level,
        territory_code,
        framework_version,
        reason_code as code,
        case
            when decided_by = 'unknown_may_turn' then unknown_part
            when decided_by = 'within_margin' then uncertainty
        end as moves_by
    from {{ ref('int_verdict_lines_judged') }}
    where reason_code is not null
)

select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    framework_version,
    found.code,
    reasons.weakens,
    reasons.weight,
    {{ fill_places('reasons.label_fr', 'lines.places') }} as sentence_fr,
    {{ fill_places('reasons.label_en', 'lines.places') }} as sentence_en,
    indicators.unit,
    found.moves_by,
    found.moves_by / nullif(abs(lines.ahead_by), 0) as moves_by_share_of_gap,
    lines.reason_code is not distinct from found.code as is_reason
from found
inner join {{ ref('int_verdict_lines_judged') }} as lines
    using (lever_id, indicator_id, basis, territory_level, territory_code, framework_version)
inner join {{ ref('verdict_reasons') }} as reasons on found.code = reasons.code
inner join {{ ref('indicators') }} as indicators using (indicator_id)
