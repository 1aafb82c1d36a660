select
    parcel_id,
    area,
    crop_code,
    crop_group,
    catch_crop_1,
    catch_crop_2,
    reference_date,
    snapshot_id
from {{ source('raw_ign', 'rpg_parcels') }}
