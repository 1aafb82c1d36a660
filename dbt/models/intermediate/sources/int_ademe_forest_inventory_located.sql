{#- Grain: measure x region. Area (ha), harvest of stems (m3) and carbon taken up (tC) of the forest of the
inventory, in total, without poplars and without stands of no known kind.
unique: [series, territory_code, year] -#}
-- The file writes the names of regions without their accents.
with regions as (
    select
        {{ comparable_name('name') }} as region_name,
        region_code
    from {{ ref('stg_etalab__regions') }}
    qualify row_number() over (
        partition by {{ comparable_name('name') }}
        order by cog_year desc
    ) = 1
),

totals as (
    select
        coalesce(regions.region_code, inventory.area_name) as territory_code,
        inventory.reference_date as inventory_date,
        inventory.snapshot_id,
        inventory.area,
        inventory.harvest,
        inventory.carbon_balance
    from {{ ref('stg_ademe__forest_inventory') }} as inventory
    left join regions on {{ comparable_name('inventory.area_name') }} = regions.region_name
),

figures as (
    from totals
    unpivot include nulls (figure for series in (area, harvest, carbon_balance))
)

select
    {{ observation_columns(
        "region", "year(inventory_date)", "inventory_date", value="figure"
    ) }}
from figures
