{#- The known values of whole years of indicators that may be added, in which what is impossible is looked for. -#}
{% macro values_of_sums(more=none, communes=false) -%}
select
        selected.indicator_id,
        selected.territory_level,
        selected.territory_code,
        selected.year,
        selected.value
        {%- if more %},
        {{ more }}
        {%- endif %}
    from {{ ref('int_values_selected') }} as selected
    inner join {{ ref('indicators') }} as indicators on selected.indicator_id = indicators.indicator_id
    where
        indicators.is_additive
        {%- if not communes %}
        and selected.territory_level <> 'commune'
        {%- endif %}
        and selected.value is not null
        and not selected.is_incomplete_year
{%- endmacro %}


{#- The jumps of sums and of rates share these macros. A value is a jump when its distance from its neighbours exceeds
a number of robust standard deviations of the changes of its series. -#}

{#- CTEs, the last of which is `neighbours`: the change of each series less the change that all territories of its level
share. The change of a sum is a factor, the change of a rate a difference. -#}
{% macro with_neighbours(of_sums) -%}
with scaled as (
    select
        selected.indicator_id,
        selected.territory_level,
        selected.territory_code,
        selected.year,
        selected.value,
        selected.masked_count,
        {{ 'ln(selected.value)' if of_sums else 'selected.value' }} as scaled_value
    from {{ ref('int_values_selected') }} as selected
    inner join {{ ref('indicators') }} as indicators on selected.indicator_id = indicators.indicator_id
    where
        selected.territory_level <> 'commune'
        and selected.value is not null
        and not selected.is_incomplete_year
        {% if of_sums -%}
        and indicators.is_additive
        and selected.value > 0
        {%- else -%}
        and not indicators.is_additive
        {%- endif %}
),

changes as (
    select
        *,
        scaled_value - lag(scaled_value) over each_series as scaled_change,
        year - lag(year) over each_series as years_between
    from scaled
    window each_series as (partition by indicator_id, territory_level, territory_code order by year)
),

own_changes as (
    select
        *,
        scaled_change - if(
            count(scaled_change) over each_year >= 4,
            median(scaled_change) over each_year,
            0
        ) as own_change
    from changes
    window each_year as (partition by indicator_id, territory_level, year, years_between)
),

neighbours as (
    select
        *,
        lag(own_change) over each_series as previous_change,
        lead(own_change) over each_series as next_change,
        lead(own_change, 2) over each_series as change_after_next,
        lag(value) over each_series as value_before,
        lead(value) over each_series as next_value,
        median(abs(own_change)) over (
            partition by indicator_id, territory_level, territory_code
        ) as own_spread,
        median(abs(own_change)) over (partition by indicator_id, territory_level) as level_spread,
        count(own_change) over (partition by indicator_id, territory_level, territory_code) as change_count,
        own_change is null or next_change is null as is_end
    from own_changes
    window each_series as (partition by indicator_id, territory_level, territory_code order by year)
)
{%- endmacro %}

{#- A standard deviation from a median of absolute deviations. A series that never moves is given a part of `size`, without
which a change of 10 % would be a jump. -#}
{% macro deviation_of_level(size='1') -%}
greatest(level_spread, {{ threshold('least_spread') }} * {{ size }}) * 1.4826
{%- endmacro %}

{#- The spread of a series, at most so many times the spread of its level: frequent leaps would hide every leap. -#}
{% macro deviation_of_series() -%}
least(own_spread, {{ threshold('most_own_spread') }} * level_spread) * 1.4826
{%- endmacro %}

{#- The nearer of two distances; zero if their signs differ or one is unknown. -#}
{% macro nearer(a, b) -%}
coalesce(if({{ a }} > 0, greatest(least({{ a }}, {{ b }}), 0), least(greatest({{ a }}, {{ b }}), 0)), 0)
{%- endmacro %}


{#- A French sentence on a jump: `subject` goes from value_before to value, then to next_value. -#}
{% macro jump_fr(subject) -%}
'{{ subject }} passe de '
    || coalesce({{ number_fr('value_before') }} || ' à ', '')
    || {{ number_fr('value') }}
    || coalesce(if(value_before is null, ' à ', ' puis ') || {{ number_fr('next_value') }}, '')
    || ', sans que les autres territoires bougent ainsi.'
{%- endmacro %}


{#- Whether one of two values is more than `factor` times the other; false if both are zero. -#}
{% macro jumps(before, after, factor) -%}
greatest(abs({{ before }}), abs({{ after }})) > {{ factor }} * least(abs({{ before }}), abs({{ after }}))
{%- endmacro %}
