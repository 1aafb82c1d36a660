{#-
Progress of `series` towards its target, from baseline_at, baseline_value, latest_at, latest_value, target_year,
target_value, improvement (1 where a rise is wanted, -1 where a fall is) and incomparable_reason.

A target that the baseline already met asks for nothing but to stay on its right side: its path is the target itself,
and it has no percentage.
-#}
{% macro lever_progress(series) -%}
select
    paths.*,
    paths.latest_value - paths.path_value as gap,
    case
        when paths.path_value is not null and not paths.is_met_from_start
            then
                -- + 0 makes zero of minus zero
                100 * (paths.latest_value - paths.baseline_value) / (paths.target_value - paths.baseline_value) + 0
    end as progress_pct
from (
    select
        directions.*,
        case
            when directions.latest_value is null or directions.incomparable_reason is not null then null
            when directions.is_met_from_start then directions.target_value
            else
                directions.baseline_value
                + (directions.target_value - directions.baseline_value)
                * least(
                    (directions.latest_at - directions.baseline_at)
                    / (directions.target_year - directions.baseline_at),
                    1
                )
        end as path_value
    from (
        select
            *,
            improvement * (target_value - baseline_value) <= 0 as is_met_from_start
        from {{ series }}
    ) as directions
) as paths
{%- endmacro %}
