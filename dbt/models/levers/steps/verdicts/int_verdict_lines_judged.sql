{#- What is known of a series below these shares judges nothing; the higher one is for a partial basis. -#}
{% set least_known_pct = 10 %}
{% set least_covered_pct = 50 %}
{#- From this share on, a series counts as whole. -#}
{% set whole_pct = 95 %}
{#- Two points are no trend. -#}
{% set least_years = 3 %}
{#- On an indicative trajectory, as close as this to the path is near it. -#}
{% set near_share = 0.02 %}
{#- An end as old as this many years concludes nothing. -#}
{% set too_old_age = 4 %}
{#- What the sentences of `verdict_reasons` name. -#}
{% set places = {
    'left_out': 'left_out_because',
    'left_out_year': 'last_year_left_out',
    'known_pct': 'round(known_pct)::integer',
    'whole': "coalesce(whole_fr, 'l''ensemble')",
    'break': 'break_reason',
    'break_year': 'stopped_by_break_year',
    'first_year': 'first_usable_year',
    'start_year': 'start_year',
    'latest_year': 'latest_year',
    'start_value': number_fr('start_value'),
    'latest_value': number_fr('latest_value'),
    'target_value': number_fr('target_value'),
    'gap_pct': number_fr('gap_pct'),
    'least_gap_pct': number_fr('least_gap_pct'),
    'near_pct': (100 * near_share) | int,
    'caveat': 'caveat_fr'
} %}
-- The share of a whole of the same year, or of the year before for a part that has bounds, where nothing of
-- that whole is hidden.
with coverage as (
    select
        rules.lever_id,
        rules.indicator_id,
        rules.basis,
        covered.territory_level,
        covered.territory_code,
        100 * least(
            first(covered.value / nullif(wholes.value, 0) order by covered.year desc, wholes.year desc), 1
        ) as covered_pct
    from {{ ref('verdict_rules') }} as rules
    inner join {{ ref('fct_indicator_value') }} as covered
        on rules.covered_indicator_id = covered.indicator_id
    inner join {{ ref('fct_indicator_value') }} as wholes
        on
            rules.whole_indicator_id = wholes.indicator_id
            and covered.territory_level = wholes.territory_level
            and covered.territory_code = wholes.territory_code
            and wholes.year between covered.year - if(rules.basis = 'partial', 1, 0) and covered.year
            and coalesce(wholes.masked_count, 0) = 0
            and covered.completeness_pct <= wholes.completeness_pct
    group by rules.lever_id, rules.indicator_id, rules.basis, covered.territory_level, covered.territory_code
),

breaks_declared as (
    select
        indicator_id,
        break_year,
        reason_fr,
        null as territory_level,
        null as territory_code,
        null as broken_pct
    from {{ ref('series_breaks') }}
    union all by name
    select
        indicator_id,
        break_year,
        reason_fr,
        territory_level,
        territory_code,
        broken_pct
    from {{ ref('int_territory_breaks_detected') }}
),

breaks as (
    select
        compared.lever_id,
        compared.indicator_id,
        compared.basis,
        compared.territory_level,
        compared.territory_code,
        string_agg(
            distinct breaks_declared.reason_fr, ' '
            order by breaks_declared.reason_fr
        ) as reason_fr,
        if(
            count(*) = count(breaks_declared.broken_pct),
            sum(breaks_declared.broken_pct order by breaks_declared.break_year),
            null
        ) as broken_pct
    from {{ ref('int_verdict_compared') }} as compared
    left join {{ ref('composed_series') }} as composed on compared.indicator_id = composed.indicator_id
    inner join breaks_declared
        on
            breaks_declared.indicator_id in (compared.indicator_id, composed.term_indicator_id)
            and compared.territory_level = coalesce(breaks_declared.territory_level, compared.territory_level)
            and compared.territory_code = coalesce(breaks_declared.territory_code, compared.territory_code)
            and compared.start_year < breaks_declared.break_year
            and compared.latest_year >= breaks_declared.break_year
    where compared.start_origin = 'series'
    group by
        compared.lever_id,
        compared.indicator_id,
        compared.basis,
        compared.territory_level,
        compared.territory_code
),

as_of as (
    select max(latest_year) as as_of_year
    from {{ ref('int_verdict_compared') }}
    where no_target_code is null
),

lines as (
    select
        compared.*,
        as_of.as_of_year,
        as_of.as_of_year - compared.latest_year as age,
        datasets.verified as source_is_verified,
        coverage.covered_pct as covered_share_pct,
        compared.basis = 'partial' or compared.whole_indicator_id is not null as is_covering,
        if(is_covering, coverage.covered_pct, compared.completeness_pct) as known_pct,
        entered.licence as entered_licence,
        case
            when compared.is_heating and compared.is_climate_corrected then 'degree_days'
            when compared.unit like '%corr.' then 'source'
            else 'none'
        end as climate_correction,
        compared.is_heating and not compared.is_climate_corrected as lacks_climate,
        -- A break of known size that leaves the value on its side of start, path and target, whichever way
        -- it went, does not silence the line; one whose margin is assumed concludes only beyond both.
        coalesce(
            least(
                abs(compared.latest_value - compared.start_value),
                abs(compared.latest_value - compared.path_value),
                abs(compared.latest_value - compared.target_value)
            ) > coalesce(compared.band, 0) + breaks.broken_pct / 100 * abs(compared.latest_value),
            false
        ) as survives_break,
        breaks.reason_fr as break_reason,
        if(survives_break, breaks.reason_fr, null) as break_survived,
        if(survives_break, breaks.broken_pct / 100 * abs(compared.latest_value), 0) as broken_value,
        -- What the parts that are not known would add if they were as the others.
        if(
            is_covering or known_pct is null,
            0,
            abs(compared.latest_value) * (100 - known_pct) / nullif(known_pct, 0)
        ) as unknown_value,
        case
            when compared.no_target_code is not null then compared.no_target_code
            when compared.latest_value is null and compared.last_year_left_out is not null then 'left_out'
            when compared.latest_value is null then 'too_few_for_mean'
            when is_covering and known_pct is null then 'whole_unknown'
            when
                is_covering
                and known_pct < if(compared.basis = 'partial', {{ least_covered_pct }}, {{ least_known_pct }})
                then 'covers_too_little'
            when known_pct < {{ least_known_pct }} then 'too_little_known'
            when breaks.reason_fr is not null and not survives_break then 'series_break'
            when
                compared.standing <> 'wrong_direction'
                and compared.improvement * (compared.target_value - compared.start_value) > 1e-12
                and compared.improvement * (compared.target_value - compared.start_value) <= compared.band
                then 'margin_above_ask'
            when compared.standing is not null and compared.year_count < {{ least_years }} then 'two_points'
            when compared.standing is not null then null
            when compared.year_count = 1 and compared.target_value is not null then 'one_year'
            when compared.year_count = 1 then 'one_year_no_target'
            when compared.start_value is null then 'starts_too_late'
            when compared.stopped_by_break_year is not null then 'nothing_before_break'
            else 'nothing_after_start'
        end as no_standing_code
    from {{ ref('int_verdict_compared') }} as compared
    left join coverage
        on
            compared.lever_id = coverage.lever_id
            and compared.indicator_id = coverage.indicator_id
            and compared.basis = coverage.basis
            and compared.territory_level = coverage.territory_level
            and compared.territory_code = coverage.territory_code
    left join breaks
        on
            compared.lever_id = breaks.lever_id
            and compared.indicator_id = breaks.indicator_id
            and compared.basis = breaks.basis
            and compared.territory_level = breaks.territory_level
            and compared.territory_code = breaks.territory_code
    left join {{ ref('dim_dataset') }} as datasets on compared.dataset_id = datasets.dataset_id
    left join {{ ref('int_series_entered') }} as entered
        on
            compared.indicator_id = entered.indicator_id
            and compared.territory_level = entered.territory_level
            and compared.territory_code = entered.territory_code
    cross join as_of
),

-- Where what a part does not cover may turn the side, at one of its bounds, the part judges nothing. No more
-- does a joint series whose side hangs on what a lever asks of it; a movement the wrong way hangs on no line.
bounded as (
    select
        *,
        if(standing = 'target_reached', target_value, path_value) as line_value,
        basis = 'partial'
        and coalesce(
            (known_pct * latest_value + (100 - known_pct) * unknown_min < 100 * line_value)
            <> (known_pct * latest_value + (100 - known_pct) * unknown_max < 100 * line_value),
            true
        ) as part_may_turn,
        coalesce(
            standing in ('behind', 'stable')
            and improvement * (latest_value - path_value) < -margin
            and improvement * (latest_value - least_path_value) >= -margin,
            false
        ) as line_may_turn,
        round(100 * abs(latest_value / path_value - 1), 1) as gap_pct,
        round(100 * abs(latest_value / least_path_value - 1), 1) as least_gap_pct
    from lines
),

stated as (
    select
        *,
        case
            when no_standing_code is not null then no_standing_code
            when part_may_turn then 'part_may_turn'
            when line_may_turn then 'ask_may_turn'
        end as no_verdict_code,
        case
            when no_verdict_code is not null then 'not_judged'
            when basis <> 'indicative' then standing
            when
                abs(latest_value - path_value)
                <= greatest(coalesce(margin, 0), {{ near_share }} * abs(path_value))
                then 'near_trajectory'
            when latest_value > path_value then 'above_trajectory'
            else 'below_trajectory'
        end as status
    from bounded
),

-- Why a line is not judged, or concludes nothing; the first of the codes is the one that is told.
coded as (
    select
        *,
        if(
            status = 'not_judged',
            [no_verdict_code],
            list_filter(
                [
                    if(age >= {{ too_old_age }}, 'too_old', null),
                    if(years_since_start = 1, 'one_interval', null),
                    if(side_hangs_on_year and status <> 'target_reached', 'side_turns', null),
                    case
                        when status = 'near_trajectory' then 'near_path'
                        when status = 'target_reached'
                            then if(abs(latest_value - target_value) <= margin, 'within_target_margin', null)
                        when status in ('behind', 'wrong_direction') then null
                        when abs(latest_value - path_value) <= margin then 'within_margin'
                        when status = 'stable' and improvement * (latest_value - path_value) > 0
                            then 'no_net_movement'
                    end,
                    if(
                        status not in ('target_reached', 'near_trajectory', 'wrong_direction')
                        and coalesce(broken_value, 0) + unknown_value > 0
                        and abs(latest_value - path_value) > margin
                        and abs(latest_value - path_value) <= margin + coalesce(broken_value, 0) + unknown_value,
                        'unknown_may_turn',
                        null
                    )
                ],
                lambda code: code is not null
            )
        ) as reason_codes
    from stated
),

reasons as (
    select map_from_entries(list((code, {'label_fr': label_fr, 'weakens': weakens}))) as by_code
    from {{ ref('verdict_reasons') }}
),

told as (
    select
        coded.*,
        reasons.by_code,
        list_transform(
            coded.reason_codes, lambda code: {{ fill_places('reasons.by_code[code].label_fr', places) }}
        ) as told_reasons,
        list_filter(
            told_reasons,
            lambda told, position: reasons.by_code[coded.reason_codes[position]].weakens = 'conclusion'
        ) as doubts_of_conclusion
    from coded
    cross join reasons
),

weighed as (
    select
        *,
        case
            when len(reason_codes) > 0 then null
            when status = 'target_reached' then true
            when status in ('behind', 'wrong_direction') then false
            else improvement * (latest_value - path_value) > 0
        end as is_favourable,
        list_concat(
            [
                case basis
                    when 'derived' then 'cible de l''État par un ratio ou une conversion'
                    when 'national' then 'rythme national, pas un objectif du territoire'
                    when 'indicative' then 'part indicative, que personne n''a demandée au territoire'
                    when 'joint' then 'une série pour plusieurs leviers'
                end,
                case
                    when is_covering and (basis = 'partial' or known_pct < {{ whole_pct }})
                        then 'couvre ' || round(known_pct)::integer || ' % de ' || whole_fr
                    when not is_covering and known_pct < {{ whole_pct }}
                        then
                            'des parties manquent ou sont sous secret : au moins '
                            || {{ number_fr('round(known_pct, 1)') }} || ' % connus'
                end,
                if(age > 2 and age < {{ too_old_age }}, 'valeur de ' || latest_year, null),
                if(
                    stopped_by_break_year is not null,
                    'la série est lue jusqu''à sa rupture de ' || stopped_by_break_year,
                    null
                ),
                if(start_origin = 'series' and start_year = 2018, 'départ en 2018 faute de 2019', null),
                if(
                    start_origin = 'state' and abs(series_start_value - start_value) > margin,
                    'le départ de l''État diffère de celui de la série',
                    null
                ),
                if(not source_is_verified, 'source non vérifiée', null),
                if(direction_hangs_on_year, 'le sens dépend de l''année retenue', null),
                if(
                    side_hangs_on_year and status = 'target_reached', by_code['side_turns'].label_fr, null
                ),
                if(variant_count = 0, 'aucune autre année pour éprouver le verdict', null),
                if(band is null, 'marge de la série inconnue', null),
                if(lacks_climate, 'non corrigé du climat', null),
                'une rupture qui ne change pas le sens : ' || rtrim(break_survived, '.'),
                if(entered_licence is not null, 'valeurs saisies, que le producteur ne publie pas', null),
                caveat_fr
                || coalesce(
                    ' À ne compter que le reste de la demande, il serait de '
                    || {{ number_fr('least_gap_pct') }} || ' %.',
                    ''
                )
            ],
            doubts_of_conclusion
        ) as doubts,
        greatest(
            if(start_origin = 'series' and start_year = 2018, 2, 0),
            if(lacks_climate, 2, 0),
            if(side_hangs_on_year or band is null or years_since_start = 1, 3, 0),
            if(known_pct < {{ least_covered_pct }}, 2, 0),
            case lowest_confidence when 'C' then 2 when 'D' then 3 else 0 end
        ) as least_doubt
    from told
)

select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    framework_version,
    judges,
    group_id,
    start_year,
    start_value,
    start_origin,
    series_start_value,
    latest_year,
    latest_value,
    latest_published_value,
    as_of_year,
    age,
    target_year,
    target_value,
    path_value,
    least_path_value,
    improvement,
    pace_observed,
    ktco2e_per_unit,
    band,
    margin,
    smoothing_years,
    climate_correction,
    covered_share_pct,
    status,
    is_favourable,
    reason_codes[1] as reason_code,
    told_reasons[1] as reason,
    case
        when status <> 'not_judged'
            then ['A', 'B', 'C', 'D'][1 + least(greatest(list_count(doubts), least_doubt), 3)]
    end as confidence,
    if(status = 'not_judged', null, array_to_string(doubts, ' ; ')) as confidence_reasons,
    entered_licence
from weighed
