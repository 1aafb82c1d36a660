-- A release holds all years again: the definitive one counts and, of two, the newer one.
with

areas as (

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

-- Grassland and legumes are added up as the State's own series (hub 356, 804 and 331) do.
measured as (

    select
        case
            when sheet = 'land_use' and item_code = 28 then 'saa_agricultural_area'
            when sheet = 'land_use' and item_code = 21 and says_arable then 'saa_arable_area'
            when sheet = 'fodder' and item_code in (14, 15, 16) then 'saa_permanent_grassland_area'
            when sheet = 'fodder' and item_code in (9, 10, 12) then 'saa_temporary_grassland_area'
            when (sheet = 'fodder' and item_code = 11) or (sheet = 'arable_crops' and item_code in (33, 46))
                then 'saa_legume_area'
        end as indicator_id,
        territory_code,
        sheet,
        item_code,
        area_year,
        area,
        release,
        snapshot_id
    from areas
    where territory_code is not null
    qualify dense_rank() over (
        partition by sheet, territory_code, area_year
        order by release = 'definitive' desc, snapshot_year desc, snapshot_id asc
    ) = 1

)

select
    {{ named_observation_columns(
        "departement", "'ha'", "area_year", value="area", is_provisional="release = 'provisional'"
    ) }},
    sheet,
    item_code
from measured
where indicator_id is not null
