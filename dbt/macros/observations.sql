{#-
The columns that every observation staging model ends with, from a relation that has
indicator_id, territory_code, value and snapshot_id.

`year` and `reference_date` are SQL expressions; `status` too, for a source that masks or models its values.
`members` is the list of what stands behind the value where that is more than the territory: the networks, the sites.
They are counted to see whether a year is all there. `is_part_of_year` says that months of it are still to come.
-#}
{% macro observation_columns(
    level, source_unit, year, reference_date=none, value="value", status="'observed'", is_provisional="false",
    is_part_of_year="false", members="cast(null as varchar[])"
) -%}
    indicator_id,
    '{{ level }}' as territory_level,
    territory_code,
    cast({{ year }} as integer) as year,
    cast({{ reference_date or "make_date(" ~ year ~ ", 1, 1)" }} as date) as reference_date,
    cast({{ value }} as double) as value,
    {{ source_unit }} as source_unit,
    case when {{ value }} is null and {{ status }} in ('observed', 'estimated') then 'missing' else {{ status }} end
        as value_status,
    {{ is_provisional }} as is_provisional,
    {{ is_part_of_year }} as is_part_of_year,
    {{ members }} as members,
    snapshot_id
{%- endmacro %}


{#- A sum that is unknown where one of its parts is. -#}
{% macro sum_if_complete(value) -%}
if(count({{ value }}) = count(*), cast(sum(cast({{ value }} as decimal(28, 9))) as double), null)
{%- endmacro %}


{#- Date of the state that a register describes: that of its latest updates, less one in a thousand, since a date
in the future is a typing error. -#}
{% macro edition_date(updated_on) -%}
quantile_disc({{ updated_on }}, 0.999)
{%- endmacro %}


{#- A register names the places of Paris, Lyon and Marseille by the commune or by the arrondissement: both count. -#}
{% macro whole_commune(commune_code) -%}
case
            when {{ commune_code }} between '13201' and '13216' then '13055'
            when {{ commune_code }} between '69381' and '69389' then '69123'
            when {{ commune_code }} between '75101' and '75120' then '75056'
            else {{ commune_code }}
        end
{%- endmacro %}


{#- A place name that can be compared with another: capitals without accents, punctuation or abbreviated saints. -#}
{% macro comparable_name(name) -%}
regexp_replace(
            regexp_replace(upper(strip_accents({{ name }})), '\bST(E?)\b', 'SAINT\1', 'g'), '[^A-Z0-9]', '', 'g'
        )
{%- endmacro %}


{#- CEDEX codes are those of no commune, but their first digits are those of the departement. -#}
{% macro postal_departement(postal_code) -%}
case
            when {{ postal_code }} like '97%' or {{ postal_code }} like '98%' then left({{ postal_code }}, 3)
            when left({{ postal_code }}, 3) in ('200', '201') then '2A'
            when left({{ postal_code }}, 2) = '20' then '2B'
            else left({{ postal_code }}, 2)
        end
{%- endmacro %}
