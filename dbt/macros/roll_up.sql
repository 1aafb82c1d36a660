{#- Sums are made in DECIMAL: the same parts give the same bytes in whatever order they come. All-NULL gives NULL. -#}
{% macro weighted_sum(value, weight) -%}
cast(sum(cast({{ value }} * {{ weight }} as decimal(38, 9))) as double)
{%- endmacro %}


{#- Status of a sum: why nothing is known of it or, failing that, the weakest of its known parts. -#}
{% macro weakest_status(value, value_status, is_estimated) -%}
case
        when count({{ value }}) = 0 and bool_or({{ value_status }} = 'secret') then 'secret'
        when count({{ value }}) = 0 and bool_or({{ value_status }} = 'below_threshold') then 'below_threshold'
        when count({{ value }}) = 0 then 'missing'
        when bool_or({{ value }} is not null and ({{ is_estimated }} or {{ value_status }} = 'estimated'))
            then 'estimated'
        else 'aggregated'
    end
{%- endmacro %}


{#- Sums `observations` into the territories that `parts` (the columns of `int_territory_parts`) says they are
parts of. Completeness is the share of the territory's population that lives where the value is known.
A territory with fewer rows than the parts it requires gets none. -#}
{% macro roll_up(observations, parts) -%}
select
    observations.indicator_id,
    parts.territory_level,
    parts.territory_code,
    observations.year,
    max(observations.reference_date) as reference_date,
    {{ weighted_sum('observations.value', 'parts.weight') }} as value,
    {{ weakest_status('observations.value', 'observations.value_status', 'parts.is_estimated') }} as value_status,
    coalesce(
        cast(sum(cast(parts.population * observations.completeness_pct as decimal(38, 6))) as double)
        / nullif(any_value(parts.territory_population), 0),
        0
    ) as completeness_pct,
    cast(sum(observations.masked_count) as bigint) as masked_count,
    bool_or(observations.is_provisional) as is_provisional,
    max(observations.dataset_id) as dataset_id,
    max(observations.snapshot_id) as snapshot_id
from {{ observations }} as observations
inner join {{ parts }} as parts
    on
        observations.territory_level = parts.part_level
        and observations.territory_code = parts.part_code
group by
    observations.indicator_id,
    parts.territory_level,
    parts.territory_code,
    observations.year
having count(*) >= any_value(parts.parts_required)
{%- endmacro %}
