{#- The years between two dates of a stock are whole within so many days, or the two are not compared. -#}
{% macro is_years_apart(date, other_date) -%}
{%- set years = "round(date_diff('day', " ~ date ~ ", " ~ other_date ~ ") / 365.25)" -%}
abs(date_diff('day', {{ date }}, {{ other_date }}) - 365.25 * {{ years }}) <= {{ threshold('days_off_whole_years') }}
{%- endmacro %}


{#- The end of the period of a reference date: the first of January stands for its year. -#}
{% macro period_end(reference_date) -%}
if(
            dayofyear({{ reference_date }}) = 1,
            make_date(year({{ reference_date }}), 12, 31),
            {{ reference_date }}
        )
{%- endmacro %}


{#- Where on a yearly path a value is read: what is of 1 January or of the whole year at the year, as what is of its last
day; a stock of another day so much before. -#}
{% macro read_at(year, reference_date) -%}
{{ year }} - if(
    {{ reference_date }} = make_date({{ year }}, 1, 1),
    0,
    date_diff('day', {{ reference_date }}, make_date({{ year }}, 12, 31)) / 365.25
)
{%- endmacro %}
