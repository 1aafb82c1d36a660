{#- Grain: kind of area x EPCI. Hectares of 2018; the kinds overlap. An EPCI without a class has none of it.
unique: [series, territory_code, year] -#}
{{ config(materialized='kept_table') }}

with cover as (
    select
        epci_code,
        clc_code,
        coalesce(area, 0) as area,
        reference_date as survey_date,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_aldo_epci__land_cover') }}
),

-- Corine Land Cover: 1 artificial, 2 agricultural (21 arable, 231 pastures), 31 forests,
-- 321 natural grassland, 5 water. Kinds overlap: arable land and pastures are agricultural.
kinds as (
    select unnest(['1..', '2..', '21.', '231|321', '[124]..|3[23].']) as clc_codes
),

summed as (
    select
        kinds.clc_codes as series,
        cover.epci_code as territory_code,
        cover.survey_date,
        cover.snapshot_id,
        count(*) as source_rows,
        cast(sum(cast(cover.area as decimal(18, 6))) as double) as hectares
    from cover
    inner join kinds on regexp_full_match(cover.clc_code, kinds.clc_codes)
    group by kinds.clc_codes, cover.epci_code, cover.survey_date, cover.snapshot_id
)

select
    {{ observation_columns(
        "epci", "year(survey_date)", "survey_date", value="hectares", is_provisional="true",
        source_rows="source_rows"
    ) }}
from summed
