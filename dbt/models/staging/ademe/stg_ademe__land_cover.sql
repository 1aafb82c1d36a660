with

cover as (

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
kinds (indicator_id, clc_codes) as (

    values
    ('aldo_artificial_area', '1..'),
    ('aldo_agricultural_area', '2..'),
    ('aldo_arable_area', '21.'),
    ('aldo_grassland_area', '231|321'),
    ('aldo_non_forest_area', '[124]..|3[23].')

),

named as (

    select
        kinds.indicator_id,
        cover.epci_code,
        cover.area,
        cover.survey_date,
        cover.snapshot_id
    from cover
    inner join kinds on regexp_full_match(cover.clc_code, kinds.clc_codes)

),

summed as (

    select
        indicator_id,
        epci_code as territory_code,
        survey_date,
        snapshot_id,
        cast(sum(cast(area as decimal(18, 6))) as double) as hectares
    from named
    group by indicator_id, epci_code, survey_date, snapshot_id

)

select
    {{ named_observation_columns(
        "epci", "'ha'", "year(survey_date)", "survey_date", value="hectares", is_provisional="true"
    ) }}
from summed
