{#- What is known of a series below these shares judges nothing; the higher one is for a partial basis. -#}
{% set least_known_pct = 10 %}
{% set least_covered_pct = 50 %}
{#- From this share on, a series counts as whole. -#}
{% set whole_pct = 95 %}
{#- Two points are no trend. -#}
{% set least_years = 3 %}
{#- On an indicative trajectory, as close as this to the path is near it. -#}
{% set near_share = 0.02 %}
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
    where no_target_reason is null
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
        if(survives_break, breaks.reason_fr, null) as break_survived,
        if(survives_break, breaks.broken_pct / 100 * abs(compared.latest_value), 0) as broken_value,
        -- What the parts that are not known would add if they were as the others.
        if(
            is_covering or known_pct is null,
            0,
            abs(compared.latest_value) * (100 - known_pct) / nullif(known_pct, 0)
        ) as unknown_value,
        case
            when compared.no_target_reason is not null then compared.no_target_reason
            when compared.latest_value is null and compared.last_year_left_out is not null
                then
                    'Laissé de côté : ' || compared.left_out_because || ' ('
                    || compared.last_year_left_out || ').'
            when compared.latest_value is null
                then 'Trop peu d''années de suite pour une moyenne de trois ans.'
            when is_covering and known_pct is null
                then
                    'On ne sait pas quelle part de ' || coalesce(compared.whole_fr, 'l''ensemble')
                    || ' la série couvre ici : ce total n''est pas connu pour la même année.'
            when
                is_covering
                and known_pct < if(compared.basis = 'partial', {{ least_covered_pct }}, {{ least_known_pct }})
                then
                    'La série ne couvre que ' || round(known_pct)::integer
                    || ' % de ' || compared.whole_fr || '.'
            when known_pct < {{ least_known_pct }}
                then 'Trop de mailles manquent ou sont sous secret pour juger.'
            when breaks.reason_fr is not null and not survives_break
                then 'Rupture de série : ' || breaks.reason_fr
            when
                compared.standing <> 'wrong_direction'
                and compared.improvement * (compared.target_value - compared.start_value) > 1e-12
                and compared.improvement * (compared.target_value - compared.start_value) <= compared.band
                then 'La marge de la série dépasse l''évolution demandée.'
            when compared.standing is not null and compared.year_count < {{ least_years }}
                then
                    'Deux années seulement, ' || compared.start_year || ' et ' || compared.latest_year || ' ('
                    || {{ number_fr('compared.start_value') }}
                    || ' et ' || {{ number_fr('compared.latest_value') }}
                    || ', pour une cible de ' || {{ number_fr('compared.target_value') }}
                    || ') : deux points ne font pas une tendance.'
            when compared.standing is not null then null
            when compared.year_count = 1
                then
                    'Une seule année : ' || compared.latest_year
                    || coalesce(
                        ', ' || {{ number_fr('compared.latest_value') }} || ' pour une cible de '
                        || {{ number_fr('compared.target_value') }},
                        ''
                    )
                    || '.'
            when compared.start_value is null
                then
                    'La série commence en ' || compared.first_usable_year
                    || ' : il faut 2019, ou 2018, pour départ.'
            when compared.stopped_by_break_year is not null
                then
                    'Aucune observation entre le départ et la rupture de série de '
                    || compared.stopped_by_break_year || '.'
            else 'Aucune observation après le départ.'
        end as no_standing_reason
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
            when no_standing_reason is not null or part_may_turn or line_may_turn then 'not_judged'
            when basis <> 'indicative' then standing
            when
                abs(latest_value - path_value)
                <= greatest(coalesce(margin, 0), {{ near_share }} * abs(path_value))
                then 'near_trajectory'
            when latest_value > path_value then 'above_trajectory'
            else 'below_trajectory'
        end as status,
        coalesce(
            no_standing_reason,
            case
                when part_may_turn
                    then
                        'La série ne couvre que ' || round(known_pct)::integer || ' % de ' || whole_fr
                        || ' : le reste peut changer le sens.'
                when line_may_turn
                    then
                        'En retard, ou non, selon ce qui se compte de la demande : écart de '
                        || {{ number_fr('gap_pct') }} || ' ou de '
                        || {{ number_fr('least_gap_pct') }} || ' %. ' || caveat_fr
            end
        ) as reason
    from bounded
),

weighed as (
    select
        *,
        case
            when status = 'target_reached' and abs(latest_value - target_value) <= margin then null
            when status = 'target_reached' then true
            when status in ('not_judged', 'near_trajectory') then null
            when direction_hangs_on_year or side_hangs_on_year then null
            when
                status <> 'wrong_direction'
                and coalesce(broken_value, 0) + unknown_value > 0
                and abs(latest_value - path_value) <= margin + coalesce(broken_value, 0) + unknown_value
                then null
            when status in ('behind', 'wrong_direction') then false
            when abs(latest_value - path_value) <= margin then null
            when status = 'stable' and improvement * (latest_value - path_value) > 0 then null
            else improvement * (latest_value - path_value) > 0
        end as is_favourable,
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
            if(age > 2, 'valeur de ' || latest_year, null),
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
            case
                when direction_hangs_on_year then 'le sens dépend de l''année retenue'
                when side_hangs_on_year then 'le côté de la trajectoire dépend de l''année retenue'
                when variant_count = 0 then 'aucune autre année pour éprouver le verdict'
            end,
            if(
                status = 'on_track' and abs(latest_value - path_value) <= margin,
                'dans la marge de la trajectoire',
                null
            ),
            if(
                status = 'target_reached' and abs(latest_value - target_value) <= margin,
                'dans la marge de la cible',
                null
            ),
            if(years_since_start = 1, 'une seule année depuis le départ', null),
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
        ] as doubts,
        greatest(
            if(start_origin = 'series' and start_year = 2018, 2, 0),
            if(lacks_climate, 2, 0),
            if(direction_hangs_on_year or side_hangs_on_year or band is null or years_since_start = 1, 3, 0),
            if(known_pct < {{ least_covered_pct }}, 2, 0),
            case lowest_confidence when 'C' then 2 when 'D' then 3 else 0 end
        ) as least_doubt
    from stated
)

select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    framework_version,
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
    reason,
    case
        when status <> 'not_judged'
            then ['A', 'B', 'C', 'D'][1 + least(greatest(list_count(doubts), least_doubt), 3)]
    end as confidence,
    if(status = 'not_judged', null, array_to_string(doubts, ' ; ')) as confidence_reasons,
    entered_licence
from weighed
