-- The doubts of each line that is compared with its path; a doubt lowers the grade of the reading.
-- Its words are in `verdict_reasons`, and a basis that has none there is no doubt.
with lines as (
    select
        *,
        abs(series_start_value - start_value) as starts_apart_by,
        most_ahead_by_own_kind >= 0 and least_ahead_by_own_kind < 0 as side_turns,
        greatest(most_ahead_by_own_kind - ahead_by, ahead_by - least_ahead_by_own_kind) as varies_by
    from {{ ref('int_verdict_variants_compared') }}
    where is_main and ahead_by is not null and moves_away_by is not null
),

-- Each code stands beside the condition that makes it one, and what it moves.
doubts as (
    select
        lines.lever_id,
        lines.indicator_id,
        lines.basis,
        lines.territory_level,
        lines.territory_code,
        lines.framework_version,
        conditions.code,
        conditions.moves_by
    from lines
    cross join lateral (
        values
        ('basis_' || lines.basis, null),
        (
            case
                when lines.is_covering and lines.known_pct < {{ threshold('half_known_pct') }}
                    then 'covers_less_than_half'
                when
                    lines.is_covering
                    and (lines.basis = 'partial' or lines.known_pct < {{ threshold('whole_pct') }})
                    then 'covers_a_part'
            end,
            null
        ),
        (
            case
                when lines.is_covering then null
                when lines.known_pct < {{ threshold('half_known_pct') }} then 'less_than_half_known'
                when lines.known_pct < {{ threshold('whole_pct') }} then 'parts_not_known'
            end,
            abs(lines.latest_value) * (100 - lines.known_pct) / nullif(lines.known_pct, 0)
        ),
        (if(lines.age = {{ threshold('too_old_age') }} - 1, 'ageing', null), null),
        (if(lines.stopped_by_break_year is not null, 'read_until_break', null), null),
        (
            if(
                lines.start_origin = 'series' and lines.start_year = {{ threshold('earlier_start_year') }},
                'starts_in_2018',
                null
            ),
            null
        ),
        (
            if(lines.start_origin = 'state' and lines.starts_apart_by > lines.margin, 'start_differs', null),
            lines.starts_apart_by
            * greatest(lines.target_year - lines.latest_year, 0)
            / (lines.target_year - lines.start_year)
        ),
        (if(not lines.source_is_verified, 'source_not_verified', null), null),
        (
            if(
                lines.most_away_by > lines.margin and lines.least_away_by <= lines.margin,
                'direction_turns',
                null
            ),
            lines.most_away_by - lines.least_away_by
        ),
        (if(lines.side_turns, 'side_turns', null), lines.varies_by),
        (if(lines.own_kind_variant_count = 0, 'no_other_year', null), null),
        (if(lines.band is null, 'margin_not_known', null), lines.margin),
        (if(lines.lacks_climate, 'climate_not_corrected', null), null),
        (
            if(
                lines.is_broken and lines.start_origin = 'series' and lines.break_effect > 0,
                'break_in_margin',
                null
            ),
            lines.break_effect
        ),
        (if(lines.excess > 0, 'excess_in_margin', null), lines.excess),
        (if(lines.entered_licence is not null, 'entered', null), null),
        (
            case
                when lines.caveat_fr is null then null
                when lines.lowest_confidence = 'D' then 'caveat_grave'
                when lines.lowest_confidence = 'C' then 'caveat_counts'
                else 'caveat'
            end,
            null
        ),
        (
            if(lines.certain_share < 1, 'ask_in_part', null),
            (1 - lines.certain_share) * abs(lines.path_value - lines.start_value)
        )
    ) as conditions (code, moves_by)
)

select * from doubts
where code in (select reasons.code from {{ ref('verdict_reasons') }} as reasons)
