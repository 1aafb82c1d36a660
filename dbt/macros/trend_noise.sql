{#-
How far two values of a series are apart without meaning it: its residual deviation about its trend times the root of two,
since `trend_from_year` without `exceptional_year` and since the last break, where `trend_years` are there; else NULL.
`mean_years` is the number of years that a value is the mean of. The years are taken in their order, so that the last digit is the same in each build.
-#}
{% macro trend_noise(value, year, last_break_year, mean_years) -%}
{%- set trend -%}
filter (
            where {{ year }} >= greatest({{ threshold('trend_from_year') }}, {{ last_break_year }})
            and {{ year }} <> {{ threshold('exceptional_year') }}
        )
{%- endset -%}
case
    when count({{ value }}) {{ trend }} >= {{ threshold('trend_years') }}
        then
            sqrt(
                2.0 / {{ mean_years }}
                * greatest(
                    regr_syy({{ value }}, {{ year }} order by {{ year }} asc) {{ trend }}
                    - pow(regr_sxy({{ value }}, {{ year }} order by {{ year }} asc) {{ trend }}, 2)
                    / regr_sxx({{ value }}, {{ year }} order by {{ year }} asc) {{ trend }},
                    0
                )
                / (count({{ value }}) {{ trend }} - 2)
            )
end
{%- endmacro %}
