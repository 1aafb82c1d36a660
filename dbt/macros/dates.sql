{#- Two dates of a stock are compared if the time between them is a whole number of years, within so many days. -#}
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


{#- The end of a period, but not after the day on which its file was received: a file knows no day after. -#}
{% macro up_to_receipt(period_end, received_at) -%}
case
        when {{ period_end }} > {{ received_at }} then cast({{ received_at }} as date)
        else {{ period_end }}
    end
{%- endmacro %}


{#- The least half-hours of a whole year: 48 a day, without the six that changes of hour may take away. -#}
{% macro half_hours_of(year) -%}
48 * dayofyear(make_date({{ year }}, 12, 31)) - 6
{%- endmacro %}
