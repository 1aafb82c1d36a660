with

placed as (

    select
        places.commune_code as territory_code,
        cast(parcels.area * places.share_pct / 100 as decimal(18, 6)) as area,
        crop_groups.land_use,
        crop_groups.is_legume or legumes.crop_code is not null as is_legume,
        parcels.catch_crop_1 is not null or parcels.catch_crop_2 is not null as has_catch_crop,
        parcels.reference_date as declared_on,
        parcels.snapshot_id
    from {{ source('raw_ign', 'rpg_parcels') }} as parcels
    inner join {{ ref('stg_inrae__parcel_communes') }} as places
        on parcels.parcel_id = places.parcel_id and parcels.reference_date = places.reference_date
    left join {{ ref('rpg_crop_groups') }} as crop_groups on parcels.crop_group = crop_groups.crop_group
    left join {{ ref('rpg_legume_crops') }} as legumes on parcels.crop_code = legumes.crop_code

),

uses as (

    select
        territory_code,
        declared_on,
        snapshot_id,
        if(land_use is distinct from 'summer_pasture', area, 0) as agricultural,
        if(land_use in ('arable', 'temporary_grassland'), area, 0) as arable,
        if(land_use = 'permanent_grassland', area, 0) as permanent_grassland,
        if(land_use = 'temporary_grassland', area, 0) as temporary_grassland,
        if(is_legume, area, 0) as legume,
        if(has_catch_crop, area, 0) as catch_crop
    from placed

),

summed as (

    select
        territory_code,
        declared_on,
        snapshot_id,
        sum(agricultural) as rpg_agricultural_area,
        sum(arable) as rpg_arable_area,
        sum(permanent_grassland) as rpg_permanent_grassland_area,
        sum(temporary_grassland) as rpg_temporary_grassland_area,
        sum(legume) as rpg_legume_area,
        sum(catch_crop) as rpg_catch_crop_area
    from uses
    group by territory_code, declared_on, snapshot_id

),

declared as (

    select
        territory_code,
        declared_on,
        snapshot_id,
        indicator_id,
        value
    from summed
    unpivot (
        value for indicator_id in (
            rpg_agricultural_area,
            rpg_arable_area,
            rpg_permanent_grassland_area,
            rpg_temporary_grassland_area,
            rpg_legume_area,
            rpg_catch_crop_area
        )
    )

)

select
    {{ named_observation_columns("commune", "'ha'", "year(declared_on)", "declared_on") }}
from declared
