{#-
The lines of verdicts (`int_verdict_trajectories`) read on each of their pairs of years (`int_verdict_pairs`), in the
unit of the series: path, gap (`ahead_by`: above zero on the good side) and movement (`moves_away_by`: above zero away
from the target; NULL where the end does not follow the start). The path of the State starts where the State says, that
of a series where the series does; a target that the start met asks for nothing but to stay on its right side.
-#}
{% macro verdict_variants() -%}
select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    framework_version,
    kind,
    from_year as start_year,
    from_at as start_at,
    from_value as start_value,
    end_year,
    end_at,
    end_value,
    case
        when improvement * (aim - path_start) <= 0 then aim
        else
            path_start
            + (aim - path_start)
            * least((end_at - path_start_at) / (target_year - path_start_at), 1)
    end as path_value,
    end_value - path_value as gap,
    improvement * gap as ahead_by,
    if(end_year > from_year, improvement * (from_value - end_value), null) as moves_away_by,
    is_own_kind,
    is_main
from (
    select
        trajectories.*,
        pairs.kind,
        pairs.end_year,
        pairs.end_at,
        pairs.end_value,
        pairs.is_own_kind,
        pairs.is_main,
        coalesce(pairs.start_year, trajectories.start_year) as from_year,
        coalesce(pairs.start_at, trajectories.start_year) as from_at,
        coalesce(pairs.start_value, trajectories.start_value) as from_value,
        if(trajectories.start_origin = 'state', trajectories.start_year, from_at) as path_start_at,
        if(trajectories.start_origin = 'state', trajectories.start_value, from_value) as path_start,
        if(
            trajectories.no_target_code is null,
            coalesce(
                trajectories.target_level,
                path_start + trajectories.target_change,
                path_start * trajectories.target_ratio
            ),
            null
        ) as aim
    from {{ ref('int_verdict_trajectories') }} as trajectories
    inner join {{ ref('int_verdict_pairs') }} as pairs
        on {{ same_series('trajectories', 'pairs') }}
) as aimed
{%- endmacro %}
