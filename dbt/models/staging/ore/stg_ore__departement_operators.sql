select
    operator,
    energy,
    departement_code,
    region_code,
    year,
    consumption,
    {% for sector in ['residential', 'tertiary', 'industrial', 'agricultural', 'unknown'] %}
        {{ sector }}_consumption,
        {{ sector }}_sites,
        {{ sector }}_hidden_cells,
    {% endfor %}
    residential_sites
    + tertiary_sites
    + industrial_sites
    + agricultural_sites
    + unknown_sites as operator_sites,
    snapshot_id
from {{ source('raw_ore', 'ore_consumption_departement_sector') }}
