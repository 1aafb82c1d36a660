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

summed as (

    select
        territory_code,
        declared_on,
        snapshot_id,
        coalesce(sum(area) filter (where land_use is distinct from 'summer_pasture'), 0) as rpg_agricultural_area,
        coalesce(sum(area) filter (where land_use in ('arable', 'temporary_grassland')), 0) as rpg_arable_area,
        coalesce(sum(area) filter (where land_use = 'permanent_grassland'), 0) as rpg_permanent_grassland_area,
        coalesce(sum(area) filter (where land_use = 'temporary_grassland'), 0) as rpg_temporary_grassland_area,
        coalesce(sum(area) filter (where is_legume), 0) as rpg_legume_area,
        coalesce(sum(area) filter (where has_catch_crop), 0) as rpg_catch_crop_area
    from placed
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
    {{ observation_columns("commune", "'ha'", "year(declared_on)", "declared_on") }}
from declared
