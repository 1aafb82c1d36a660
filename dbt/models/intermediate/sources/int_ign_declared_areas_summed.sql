{#- Grain: series x commune x year. Area in hectares of the parcels declared for the common agricultural
policy, shared among the communes in which they lie; an edition without the communes of its parcels has no
rows. A commune without a parcel has none declared.
unique: [series, territory_code, year] -#}
{{ config(materialized='kept_table') }}

with placed as (
    select
        parcel_communes.commune_code as territory_code,
        cast(parcels.area * parcel_communes.share_pct / 100 as decimal(18, 6)) as area,
        crop_groups.land_use,
        crop_groups.is_legume or legumes.crop_code is not null as is_legume,
        parcels.catch_crop_1 is not null or parcels.catch_crop_2 is not null as has_catch_crop,
        parcels.reference_date as declared_on,
        parcels.snapshot_id
    from {{ ref('stg_ign__parcels') }} as parcels
    inner join {{ ref('stg_inrae__parcel_communes') }} as parcel_communes
        on
            parcels.parcel_id = parcel_communes.parcel_id
            and parcels.reference_date = parcel_communes.reference_date
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
        count(*) as source_rows,
        sum(agricultural) as agricultural,
        sum(arable) as arable,
        sum(permanent_grassland) as permanent_grassland,
        sum(temporary_grassland) as temporary_grassland,
        sum(legume) as legume,
        sum(catch_crop) as catch_crop
    from uses
    group by territory_code, declared_on, snapshot_id
),

declared as (
    select
        territory_code,
        declared_on,
        snapshot_id,
        source_rows,
        series,
        value
    from summed
    unpivot (
        value for series in (
            agricultural, arable, permanent_grassland, temporary_grassland, legume, catch_crop
        )
    )
)

select
    {{ observation_columns("commune", "year(declared_on)", "declared_on", source_rows="source_rows") }}
from declared
