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

-- Corine Land Cover: 1 artificial, 2 agricultural (21 arable, 231 pastures), 31 forests, 321 natural grassland,
-- 5 water. Areas overlap: arable land and pastures are agricultural.
named as (

    select
        epci_code,
        area,
        survey_date,
        snapshot_id,
        unnest(list_filter([
            if(clc_code like '1%', 'aldo_artificial_area', null),
            if(clc_code like '2%', 'aldo_agricultural_area', null),
            if(clc_code like '21%', 'aldo_arable_area', null),
            if(clc_code in ('231', '321'), 'aldo_grassland_area', null),
            if(clc_code not like '31%' and clc_code not like '5%', 'aldo_non_forest_area', null)
        ], lambda name : name is not null)) as indicator_id
    from cover

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
    {{ observation_columns(
        "epci", "'ha'", "year(survey_date)", "survey_date", value="hectares", is_provisional="true"
    ) }}
from summed
