{#-
The columns that every observation staging model ends with, from a relation that has
series, territory_code, value and snapshot_id.

`series` is the measure in the words of the source (its column, its code); the seed `series` says of each which
indicator it is and in what unit the source writes it.
`year` and `reference_date` are SQL expressions; `status` too, for a source that masks or models its values.
A value that is a sum of parts says with `completeness` how much of it is known, in % (100 where it is known at all
otherwise), and with `masked_count` how many parts are hidden.
`members` is the list of what stands behind the value where that is more than the territory: the networks, the sites.
They are counted to see whether a year is all there. `is_part_of_year` says that a part of it is still to
come: months, or what is declared late.
`source_rows` is the number of rows of the source that the value is made of: the quarantine counts what was received.
-#}
{% macro observation_columns(
    level, year, reference_date=none, value="value", status="'observed'", is_provisional="false",
    completeness=none, masked_count=none, is_part_of_year="false", members="cast(null as varchar[])",
    source_rows="1"
) -%}
    series,
    '{{ level }}' as territory_level,
    territory_code,
    cast({{ year }} as integer) as year,
    cast({{ reference_date or "make_date(" ~ year ~ ", 1, 1)" }} as date) as reference_date,
    cast({{ value }} as double) as value,
    case when {{ value }} is null and {{ status }} in ('observed', 'estimated') then 'missing' else {{ status }} end
        as value_status,
    cast({{ completeness or "if(" ~ value ~ " is null, 0, 100)" }} as double) as completeness_pct,
    cast({{ masked_count or status ~ " in ('secret', 'below_threshold')" }} as bigint) as masked_count,
    {{ is_provisional }} as is_provisional,
    {{ is_part_of_year }} as is_part_of_year,
    {{ members }} as members,
    cast({{ source_rows }} as bigint) as source_rows,
    snapshot_id
{%- endmacro %}


{#- A sum; NULL if a part is NULL. -#}
{% macro sum_if_complete(value) -%}
if(count({{ value }}) = count(*), cast(sum(cast({{ value }} as decimal(28, 9))) as double), null)
{%- endmacro %}


{#-
Relation `yearly`, from `readings` (series, is_running_total, territory_level, territory_code, read_on, value, snapshot_id,
source_rows): the stock of each year is its last reading, at the end of the month, whatever day of it the source writes;
the yearly growth of a running total is a series of its own.
-#}
{% macro yearly_readings(readings) -%}
stocks as (
    select
        series,
        is_running_total,
        territory_level,
        territory_code,
        year(read_on) as figure_year,
        last_day(max(read_on)) as figure_date,
        max_by(value, read_on) as figure,
        month(max(read_on)) < 12 as is_incomplete,
        max(snapshot_id) as snapshot_id,
        sum(source_rows) as source_rows
    from {{ readings }}
    where value is not null
    group by all
),

flows as (
    select
        series || '/yearly' as series,
        territory_level,
        territory_code,
        figure_year,
        make_date(figure_year, 1, 1) as figure_date,
        figure - lag(figure) over each_series as figure,
        false as is_incomplete,
        snapshot_id,
        source_rows
    from stocks
    where is_running_total and not is_incomplete
    window each_series as (partition by series, territory_level, territory_code order by figure_year)
    qualify lag(figure_year) over each_series = figure_year - 1
),

yearly as (
    select * exclude (is_running_total) from stocks
    union all by name
    select * from flows
)
{%- endmacro %}


{#- Date of the state that a register describes: that of its latest update. The last thousandth of the updates is left
out, since a date in the future is a typing error. -#}
{% macro edition_date(updated_on) -%}
quantile_disc({{ updated_on }}, 0.999)
{%- endmacro %}


{#- A register gives Paris, Lyon and Marseille by the commune or by the arrondissement: both are the commune. -#}
{% macro whole_commune(commune_code) -%}
case
            when {{ commune_code }} between '13201' and '13216' then '13055'
            when {{ commune_code }} between '69381' and '69389' then '69123'
            when {{ commune_code }} between '75101' and '75120' then '75056'
            else {{ commune_code }}
        end
{%- endmacro %}


{#- A place name that can be compared with another: capitals without accents, punctuation, abbreviated saints or the
article at its start, which INSEE leaves out of its names in capitals. -#}
{% macro comparable_name(name) -%}
regexp_replace(
            regexp_replace(
                regexp_replace(
                    strip_accents(replace(upper({{ name }}), 'Œ', 'OE')), '^(LE |LA |LES |L[''’] ?)', ''
                ),
                '\bST(E?)\b', 'SAINT\1', 'g'
            ),
            '[^A-Z0-9]', '', 'g'
        )
{%- endmacro %}


{#- A CEDEX code is of no commune, but begins with the digits of its departement. Overseas, the codes in 978 are CEDEX
of La Réunion, and Saint-Barthélemy and Saint-Martin have one postal code each in the numbers of Guadeloupe. -#}
{% macro postal_departement(postal_code) -%}
case
            when {{ postal_code }} = '97133' then '977'
            when {{ postal_code }} = '97150' then '978'
            when {{ postal_code }} like '978%' then '974'
            when {{ postal_code }} like '97%' or {{ postal_code }} like '98%' then left({{ postal_code }}, 3)
            when left({{ postal_code }}, 3) in ('200', '201') then '2A'
            when left({{ postal_code }}, 2) = '20' then '2B'
            else left({{ postal_code }}, 2)
        end
{%- endmacro %}


{#- The departement that the code of a commune begins with. -#}
{% macro commune_departement(commune_code) -%}
left({{ commune_code }}, if({{ commune_code }} like '97%' or {{ commune_code }} like '98%', 3, 2))
{%- endmacro %}


{#- Whether a correction of `value_corrections` applies to an observation: to its indicator, territory and year. -#}
{% macro is_corrected_by(observations, corrections) -%}
{{ observations }}.indicator_id = {{ corrections }}.indicator_id
            and {{ observations }}.territory_level = coalesce({{ corrections }}.territory_level, {{ observations }}.territory_level)
            and {{ observations }}.territory_code = coalesce({{ corrections }}.territory_code, {{ observations }}.territory_code)
            and {{ observations }}.year between {{ corrections }}.year_from and {{ corrections }}.year_to
{%- endmacro %}


{#- The known values of all indicators, in the columns of `int_series_composed`. -#}
{% macro known_values() -%}
select
        indicator_id,
        territory_level,
        territory_code,
        year,
        reference_date,
        value,
        value_status = 'estimated' as is_estimated,
        completeness_pct,
        is_incomplete_year,
        is_anomalous,
        dataset_id
    from {{ ref('fct_indicator_value') }}
    where value is not null
{%- endmacro %}


{#- Whether two relations have the same indicator, territory and year. -#}
{% macro same_value(left, right) -%}
{{ left }}.indicator_id = {{ right }}.indicator_id
            and {{ left }}.territory_level = {{ right }}.territory_level
            and {{ left }}.territory_code = {{ right }}.territory_code
            and {{ left }}.year = {{ right }}.year
{%- endmacro %}
