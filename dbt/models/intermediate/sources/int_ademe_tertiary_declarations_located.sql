{#- Grain: series x commune or departement x year. Energy (kWh) and floor area (m2) of the tertiary buildings
of 1,000 m2 and more whose use is declared, not corrected for the weather. Communes are found by their name; a
name that no commune of the departement bears counts in the departement only. The reference year of each
building is left out.
unique: [series, territory_level, territory_code, year] -#}
{{ config(materialized='kept_table') }}

with declared as (
    select
        year as declared_year,
        departement_code,
        floor_area,
        energy,
        snapshot_id,
        regexp_replace(
            lower(strip_accents(replace(commune_name, 'œ', 'oe'))), '[^a-z0-9]+', '', 'g'
        ) as name_key
    from {{ ref('stg_ademe__tertiary_declarations') }}
),

-- Without case, accents and hyphens no two communes of a departement have the same name.
communes as (
    select
        code,
        departement_code,
        regexp_replace(
            lower(strip_accents(replace(name, 'œ', 'oe'))), '[^a-z0-9]+', '', 'g'
        ) as name_key
    from {{ ref('stg_etalab__communes') }}
    where code_type in ('commune', 'arrondissement')
    qualify row_number() over (partition by departement_code, name_key order by cog_year desc) = 1
),

placed as (
    select
        'commune' as published_level,
        communes.code as territory_code,
        declared.declared_year,
        declared.snapshot_id,
        count(*) as source_rows,
        {{ sum_if_complete('declared.energy') }} as energy,
        {{ sum_if_complete('declared.floor_area') }} as floor_area
    from declared
    inner join communes
        on
            declared.departement_code = communes.departement_code
            and declared.name_key = communes.name_key
    group by communes.code, declared.declared_year, declared.snapshot_id
    union all
    select
        'departement' as published_level,
        departement_code as territory_code,
        declared_year,
        snapshot_id,
        count(*) as source_rows,
        sum(energy) as energy,
        sum(floor_area) as floor_area
    from declared
    group by departement_code, declared_year, snapshot_id
),

figures as (
    select
        published_level,
        territory_code,
        declared_year,
        snapshot_id,
        source_rows,
        series,
        value
    from placed
    unpivot include nulls (value for series in (energy, floor_area))
)

{% for level in ["commune", "departement"] %}
    select
        {{ observation_columns(level, "declared_year", source_rows="source_rows") }}
    from figures
    where published_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
