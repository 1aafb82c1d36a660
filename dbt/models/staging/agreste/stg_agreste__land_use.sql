{#- Grain: series x departement x year x item of the annual agricultural statistics. Area in hectares of each
item that makes up an indicator; an empty cell is secret or not available, so it is missing and never zero.
unique: [series, territory_code, year] -#}
-- A release holds all years again: the definitive one counts and, of two, the newer one.
with areas as (
    {% for sheet in ['land_use', 'fodder', 'arable_crops'] %}
        select
            '{{ sheet }}' as sheet,
            {{ saa_departement_code("departement_label") }} as territory_code,
            cast(regexp_extract(item_label, '^\s*(\d+)', 1) as integer) as item_code,
            regexp_matches(strip_accents(lower(item_label)), 'arables|labourables') as says_arable,
            year as area_year,
            area,
            release,
            snapshot_id,
            max(year) over (partition by snapshot_id) as snapshot_year
        from {{ source('raw_agreste', 'agreste_saa__' ~ sheet) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

current_areas as (
    select *
    from areas
    where territory_code is not null
    qualify dense_rank() over (
        partition by sheet, territory_code, area_year
        order by release = 'definitive' desc, snapshot_year desc, snapshot_id asc
    ) = 1
),

-- The items that make up an indicator, of some hundred. Grassland and legumes are added up as the State's
-- own series (hub 356, 804 and 331) do.
measured as (
    select
        sheet || '/' || item_code as series,
        territory_code,
        area_year,
        area,
        release,
        snapshot_id
    from current_areas
    where
        (sheet = 'land_use' and item_code = 28)
        or (sheet = 'land_use' and item_code = 21 and says_arable)
        or (sheet = 'fodder' and item_code in (9, 10, 11, 12, 14, 15, 16))
        or (sheet = 'arable_crops' and item_code in (33, 46))
)

select
    {{ observation_columns(
        "departement", "area_year", value="area", is_provisional="release = 'provisional'"
    ) }}
from measured
