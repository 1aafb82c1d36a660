-- Each doubt of a verdict once. The reason of a reading counts as a doubt.
with doubts as (
    select * from {{ ref('int_verdict_doubts') }}
    union all by name
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
),

explained as (
    select
        doubts.*,
        reasons.weakens,
        reasons.weight,
        reasons.label_fr,
        reasons.label_en,
        indicators.unit,
        judgements.comparable_ahead_by,
        judgements.reason_code,
        judgements.sentence_values
    from doubts
    inner join {{ ref('int_verdict_lines_judged') }} as judgements
        on {{ same_line('doubts', 'judgements') }}
    inner join {{ ref('verdict_reasons') }} as reasons on doubts.code = reasons.code
    inner join {{ ref('indicators') }} as indicators on doubts.indicator_id = indicators.indicator_id
)

select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    framework_version,
    code,
    weakens,
    weight,
    {{ fill_sentence('label_fr', 'sentence_values') }} as sentence_fr,
    {{ fill_sentence('label_en', 'sentence_values') }} as sentence_en,
    unit,
    moves_by,
    moves_by / nullif(abs(comparable_ahead_by), 0) as moves_by_share_of_gap,
    coalesce(code = reason_code, false) as is_reason
from explained
