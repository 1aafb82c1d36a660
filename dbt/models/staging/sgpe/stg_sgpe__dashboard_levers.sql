with levers as (
    select
        lever_name,
        short_name,
        chantier_path,
        is_territorial,
        goal,
        goal_source,
        snapshot_id
    from {{ source('raw_sgpe', 'sgpe_grist__levers') }}
)

select
    lever_name,
    short_name,
    goal,
    goal_source,
    snapshot_id,
    -- one cell holds a timestamp
    try_cast(is_territorial as boolean) as is_territorial,
    nullif(trim(split_part(chantier_path, ' / ', 1)), '') as theme_name_fr,
    nullif(trim(split_part(chantier_path, ' / ', 2)), '') as chantier_name_fr
from levers
